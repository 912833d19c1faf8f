"""`python -m benchmarks.words --data FOLDER`: read words made of real test letters, print the table."""

import sys

from benchmarks.command import MeasuringCommand
from benchmarks.words.measuring import measure

COMMAND = MeasuringCommand(
    "words",
    "Measures how words are read.",
    lambda options: measure(options.data),
    data="folder of comnist-cyrillic.zip",
)

if __name__ == "__main__":
    sys.exit(COMMAND.run())
