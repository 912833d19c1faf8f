"""`python -m benchmarks.accuracy --data FOLDER`: train, score, print the table; started again, it resumes."""

import argparse
import dataclasses
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks import output
from benchmarks.harness import ROOT, BenchmarkReport, BenchmarkRunError

STATE = ROOT / "var" / "accuracy"
ABLATED = "standard"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status: 1 where a figure misses its threshold, 2 where none came."""
    options = _parser().parse_args(arguments)
    set_up(options.state)
    from benchmarks.accuracy.plan import PlanError  # after Django was told where its state is

    try:
        report = _report(options)
    except (BenchmarkRunError, PlanError) as error:
        print(f"accuracy: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("accuracy: stopped; the same command goes on from here.", file=sys.stderr)
        return 130
    print(json.dumps(report.as_dict(), ensure_ascii=False) if options.json else output.markdown(report), end="")
    if options.save is not None:
        output.save(dataclasses.replace(report, name=options.save or report.name))
    return 0 if report.is_reached else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description="Measures accuracy.")
    parser.add_argument("--data", type=Path, required=True, help="folder of cmnist.zip and comnist-cyrillic.zip")
    parser.add_argument("--state", type=Path, default=STATE, help="folder of its state (default: var/accuracy)")
    parser.add_argument("--presets", nargs="*", default=[], metavar="ROW", help="rows of the table (default: all)")
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3], metavar="N", help="(default: 1 2 3)")
    parser.add_argument("--epochs", type=int, help="instead of the presets'")
    parser.add_argument("--ablate", action="store_true", help=f"{ABLATED} without each of its parts, on validation")
    parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")
    parser.add_argument("--save", nargs="?", const="", metavar="NAME", help="write the report to docs/figures/")
    return parser


def set_up(state: Path) -> None:
    """Django, with its state in this folder."""
    os.environ["PROPIS_VAR"] = str(state)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hwrsite.settings")
    import django  # its settings read the environment as soon as they are imported

    django.setup()


def _report(options: argparse.Namespace) -> BenchmarkReport:
    from benchmarks.accuracy import measuring  # models need Django set up

    return measuring.measure(
        options.data,
        options.state,
        presets=options.presets,
        seeds=options.seeds,
        epochs=options.epochs,
        ablate=options.ablate,
    )


if __name__ == "__main__":
    sys.exit(main())
