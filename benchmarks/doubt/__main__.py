"""`python -m benchmarks.doubt --data FOLDER [--model NAME]`: measure a model's doubt, print the table."""

import argparse
import dataclasses
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks import output
from benchmarks.accuracy.__main__ import STATE, set_up
from benchmarks.harness import BenchmarkRunError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status: 1 where a figure misses its threshold, 2 where none came."""
    options = _parser().parse_args(arguments)
    set_up(options.state)
    from benchmarks.doubt import measuring  # models need Django set up

    try:
        report = measuring.run(options.data, options.model)
    except BenchmarkRunError as error:
        print(f"doubt: {error}", file=sys.stderr)
        return 2
    print(json.dumps(report.as_dict(), ensure_ascii=False) if options.json else output.markdown(report), end="")
    if options.save is not None:
        output.save(dataclasses.replace(report, name=options.save or report.name))
    return 0 if report.is_reached else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.doubt", description="Measures what a model refuses.")
    parser.add_argument("--data", type=Path, required=True, help="folder of cmnist.zip and comnist-cyrillic.zip")
    parser.add_argument("--model", default="best", help="a model's name, or its file (default: best)")
    parser.add_argument("--state", type=Path, default=STATE, help="folder of its state (default: var/accuracy)")
    parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")
    parser.add_argument("--save", nargs="?", const="", metavar="NAME", help="write the report to docs/figures/")
    return parser


if __name__ == "__main__":
    sys.exit(main())
