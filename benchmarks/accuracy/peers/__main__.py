"""`python -m benchmarks.accuracy.peers --data FOLDER`: train peers and ours alike, print the table; it resumes."""

import argparse
import sys

from benchmarks.command import MeasuringCommand
from benchmarks.harness import BenchmarkReport


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rows", nargs="*", default=[], metavar="ROW", help="rows of the table (default: all)")


def _measure(options: argparse.Namespace) -> BenchmarkReport:
    from benchmarks.accuracy.peers import measuring  # models need Django set up

    return measuring.measure(options.data, options.state, rows=options.rows)


COMMAND = MeasuringCommand(
    "accuracy.peers", "Measures the accuracy of other readers beside ours.", _measure, _add_options
)

if __name__ == "__main__":
    sys.exit(COMMAND.run())
