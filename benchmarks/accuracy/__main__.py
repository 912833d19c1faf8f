"""`python -m benchmarks.accuracy --data FOLDER`: train, score, print the table; started again, it resumes."""

import argparse
import sys

from benchmarks.command import MeasuringCommand
from benchmarks.harness import BenchmarkReport

ABLATED = "standard"


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--presets", nargs="*", default=[], metavar="ROW", help="rows of the table (default: all)")
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3], metavar="N", help="(default: 1 2 3)")
    parser.add_argument("--epochs", type=int, help="instead of the presets'")
    parser.add_argument("--ablate", action="store_true", help=f"{ABLATED} without each of its parts, on validation")


def _measure(options: argparse.Namespace) -> BenchmarkReport:
    from benchmarks.accuracy import measuring  # models need Django set up

    return measuring.measure(
        options.data,
        options.state,
        presets=options.presets,
        seeds=options.seeds,
        epochs=options.epochs,
        ablate=options.ablate,
    )


COMMAND = MeasuringCommand("accuracy", "Measures accuracy.", _measure, _add_options)

if __name__ == "__main__":
    sys.exit(COMMAND.run())
