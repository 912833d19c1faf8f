"""`python -m benchmarks.doubt --data FOLDER [--model NAME]`: measure a model's doubt, print the table."""

import argparse
import sys

from benchmarks.command import MeasuringCommand
from benchmarks.harness import BenchmarkReport


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", default="best", help="a model's name, or its file (default: best)")


def _measure(options: argparse.Namespace) -> BenchmarkReport:
    from benchmarks.doubt import measuring  # models need Django set up

    return measuring.run(options.data, options.model)


COMMAND = MeasuringCommand("doubt", "Measures what a model refuses.", _measure, _add_options)

if __name__ == "__main__":
    sys.exit(COMMAND.run())
