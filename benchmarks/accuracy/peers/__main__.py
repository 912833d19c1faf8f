"""`python -m benchmarks.accuracy.peers --data FOLDER`: train peers and ours alike, print the table; it resumes."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks import output
from benchmarks.accuracy.__main__ import STATE, set_up
from benchmarks.harness import BenchmarkReport, BenchmarkRunError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status: 2 where there is no report."""
    options = _parser().parse_args(arguments)
    set_up(options.state)
    from benchmarks.accuracy.plan import PlanError  # after Django was told where its state is

    try:
        report = _report(options)
    except (BenchmarkRunError, PlanError) as error:
        print(f"peers: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("peers: stopped; the same command goes on from here.", file=sys.stderr)
        return 130
    print(json.dumps(report.as_dict(), ensure_ascii=False) if options.json else output.markdown(report), end="")
    if options.save:
        output.save(report)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.accuracy.peers", description="Measures the accuracy of other readers beside ours."
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of cmnist.zip and comnist-cyrillic.zip")
    parser.add_argument("--state", type=Path, default=STATE, help="folder of its state (default: var/accuracy)")
    parser.add_argument("--rows", nargs="*", default=[], metavar="ROW", help="rows of the table (default: all)")
    parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")
    parser.add_argument("--save", action="store_true", help="write the report to docs/figures/")
    return parser


def _report(options: argparse.Namespace) -> BenchmarkReport:
    from benchmarks.accuracy.peers import measuring  # models need Django set up

    return measuring.measure(options.data, options.state, rows=options.rows)


if __name__ == "__main__":
    sys.exit(main())
