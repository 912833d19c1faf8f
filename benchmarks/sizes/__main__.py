"""`python -m benchmarks.sizes --data FOLDER`: sweep shapes × precisions, print the table, write the page's figures."""

import argparse
import sys

from benchmarks.command import MeasuringCommand
from benchmarks.harness import ROOT, BenchmarkReport


def _measure(options: argparse.Namespace) -> BenchmarkReport:
    from benchmarks.sizes import measuring  # models need Django set up

    return measuring.run(options.data, options.shapes, epochs=options.epochs, tuning=options.tuning, page=options.page)


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--shapes", nargs="*", default=[], metavar="NAME", help="shapes; all where none is named")
    parser.add_argument("--epochs", type=int, help="of each training (default: the preset's)")
    parser.add_argument("--tuning", type=int, default=8, help="epochs in whole numbers, for int4 and int2 (default: 8)")
    parser.add_argument("--page", action="store_true", help="write the figures of /models/choose/ that ship, too")


COMMAND = MeasuringCommand(
    "sizes", "Measures models by shape and precision.", _measure, _options, state=ROOT / "var" / "sizes"
)

if __name__ == "__main__":
    sys.exit(COMMAND.run())
