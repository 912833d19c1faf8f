"""`python -m benchmarks.precisions --data FOLDER`: measure what fewer bits cost, print the table."""

import argparse
import sys

from benchmarks.command import MeasuringCommand
from benchmarks.harness import BenchmarkReport


def _measure(options: argparse.Namespace) -> BenchmarkReport:
    from benchmarks.precisions import measuring  # models need Django set up

    return measuring.run(options.data, options.state, options.seeds)


def _options(parser: argparse.ArgumentParser) -> None:
    words = "of standard and best: 1 ships, others are those of `benchmarks.accuracy` (default: 1)"
    parser.add_argument("--seeds", type=int, nargs="*", default=[1], help=words)


COMMAND = MeasuringCommand("precisions", "Measures what fewer bits cost.", _measure, _options)

if __name__ == "__main__":
    sys.exit(COMMAND.run())
