"""`python -m benchmarks.paper --data FOLDER [--of pages|words|sheets]`: measure how paper is read, print the table."""

import argparse
import sys

from benchmarks.command import MeasuringCommand
from benchmarks.harness import BenchmarkReport

DEVELOPMENT, FINAL = "validation", "test"


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--of", choices=("pages", "words", "sheets"), default="pages", help="what is photographed")
    parser.add_argument("--model", default="best", help="a model's name (default: best)")
    parser.add_argument("--split", choices=(DEVELOPMENT, FINAL), default=FINAL, help="whose letters are written")
    parser.add_argument("--seed", type=int, default=20, help="of papers and photographs")


def _measure(options: argparse.Namespace) -> BenchmarkReport:
    from benchmarks.paper import pages, pages_of_words, sheets  # models need Django set up
    from training.datasets.content.splitting import Split

    split = next(each for each in Split if each.key == options.split)
    if options.of == "sheets":
        return sheets.run(options.data, split=split, seed=options.seed)
    if options.of == "words":
        return pages_of_words.run(options.data, options.model, split=split, seed=options.seed)
    return pages.run(options.data, options.model, split=split, seed=options.seed)


COMMAND = MeasuringCommand("paper", "Measures how made photographs of paper are read.", _measure, _add_options)

if __name__ == "__main__":
    sys.exit(COMMAND.run())
