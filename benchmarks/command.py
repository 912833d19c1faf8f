"""The command line of measurements that keep a state folder: imported data sets, trained networks."""

import argparse
import dataclasses
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import output
from benchmarks.harness import ROOT, BenchmarkReport, BenchmarkRunError

STATE = ROOT / "var" / "accuracy"
BOTH_ARCHIVES = "folder of cmnist.zip and comnist-cyrillic.zip"


@dataclass(frozen=True)
class MeasuringCommand:
    """`python -m benchmarks.MODULE --data FOLDER`.

    Attributes:
        module: below `benchmarks`; its last part begins an error's line.
        description: for `--help`.
        measure: makes the report; it is called when Django knows the state folder, and imports models only then.
        add_options: adds options of its own.
        data: what the folder of `--data` holds.
        state: where its state is, unless `--state` says otherwise.

    """

    module: str
    description: str
    measure: Callable[[argparse.Namespace], BenchmarkReport]
    add_options: Callable[[argparse.ArgumentParser], object] = lambda parser: None
    data: str = BOTH_ARCHIVES
    state: Path = STATE

    def run(self, arguments: Sequence[str] | None = None) -> int:
        """Run it; returns the exit status: 1 where a figure misses its threshold, 2 where none came."""
        options, name = self._parser().parse_args(arguments), self.module.rpartition(".")[2]
        set_up(options.state)
        try:
            report = self.measure(options)
        except BenchmarkRunError as error:
            print(f"{name}: {error}", file=sys.stderr)
            return 2
        except KeyboardInterrupt:
            print(f"{name}: stopped; what was trained is kept.", file=sys.stderr)
            return 130
        print(json.dumps(report.as_dict(), ensure_ascii=False) if options.json else output.markdown(report), end="")
        if options.save is not None:
            output.save(dataclasses.replace(report, name=options.save or report.name))
        return 0 if report.is_reached else 1

    def _parser(self) -> argparse.ArgumentParser:
        parser = argparse.ArgumentParser(prog=f"python -m benchmarks.{self.module}", description=self.description)
        parser.add_argument("--data", type=Path, required=True, help=self.data)
        parser.add_argument("--state", type=Path, default=self.state, help="folder of its state (default: %(default)s)")
        self.add_options(parser)
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
