"""`manage.py study_beyond [EXPERIMENT …]`: what the thesis did not ask, trained in this process."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from training.datasets.errors import DatasetError
from training.datasets.models import Dataset
from training.jobs.terminal import INTERRUPTED
from training.study.beyond.experiments import BEYOND, SCALES
from training.study.beyond.running import BeyondStudy, Figures
from training.study.thesis_split import thesis_split


class Command(BaseCommand):
    """Train the experiments beyond the thesis."""

    help = "Train experiments beyond the thesis. Stopping loses at most one row; the same command resumes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("experiment", nargs="*", help=f"some of {', '.join(BEYOND)} (default: all)")
        parser.add_argument("--scale", default="reduced", help=f"one of {', '.join(SCALES)} (default: reduced)")
        parser.add_argument("--dataset", default="cmnist", help="data set that is split as the thesis did")
        parser.add_argument("--screen", help="data set of letters drawn otherwise, whose test split is scored too")
        parser.add_argument("--output", type=Path, help="folder of the figures (default: docs/figures)")
        parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        """Train what has no figures yet."""
        for name in options["experiment"]:
            if name not in BEYOND:
                raise CommandError(f"There is no experiment “{name}”; there are: {', '.join(BEYOND)}.")
        if options["scale"] not in SCALES:
            raise CommandError(f"There is no scale “{options['scale']}”; there are: {', '.join(SCALES)}.")
        folder = options["output"] or settings.BASE_DIR / "docs" / "figures"
        try:
            study = self._study(options)
            folder.mkdir(parents=True, exist_ok=True)
            found = [
                study.run(BEYOND[name], folder / f"beyond-{name}.json", self._report)
                for name in options["experiment"] or BEYOND
            ]
        except DatasetError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"Nothing can be written to {folder}: {error.strerror or error}.") from error
        except KeyboardInterrupt as error:
            raise CommandError("Stopped; the same command goes on.", returncode=INTERRUPTED) from error
        if options["json"]:
            self.stdout.write(json.dumps({"experiments": found}, ensure_ascii=False))

    def _study(self, options: dict[str, Any]) -> BeyondStudy:
        dataset = thesis_split(_dataset(options["dataset"]))
        screen = _dataset(options["screen"]) if options["screen"] else None
        return BeyondStudy(dataset, options["scale"], SCALES[options["scale"]], screen)

    def _report(self, label: str, figures: Figures) -> None:
        best = "—" if figures["best"] is None else f"{figures['best']:.2%}"
        self.stderr.write(f"{label}: best {best}, {sum(figures['seconds']):.0f} s")


def _dataset(name: str) -> Dataset:
    found = Dataset.objects.filter(name=name).first()
    if found is None:
        raise CommandError(f"There is no data set “{name}”: import one first (docs/study.md).")
    return found
