"""`python -m benchmarks.precisions --data FOLDER`: measure what fewer bits cost, print the table."""

import argparse
import sys

from benchmarks.command import MeasuringCommand
from benchmarks.harness import BenchmarkReport


def _measure(options: argparse.Namespace) -> BenchmarkReport:
    from benchmarks.precisions import measuring  # models need Django set up

    return measuring.run(options.data)


COMMAND = MeasuringCommand("precisions", "Measures what fewer bits cost.", _measure)

if __name__ == "__main__":
    sys.exit(COMMAND.run())
