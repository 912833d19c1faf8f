"""`manage.py study [EXPERIMENT …]`: the thesis's experiments rerun, our figures beside its own."""

import json
import time
from argparse import ArgumentParser
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from training.datasets.errors import DatasetError
from training.datasets.models import Dataset
from training.jobs.terminal import INTERRUPTED, patiently
from training.runs.checks import RunError
from training.study import reporting, saving, services, terminal
from training.study.experiments import EXPERIMENTS, ThesisExperiment
from training.study.models import StudyRun
from training.study.reporting import ExperimentFigures, figures, judged
from training.study.results import published_runs, with_published
from training.study.services import FULL, SCALES, NeededRun
from training.study.terminal import InterruptedStudyError, StudyPlan
from training.study.thesis_split import thesis_split


class Command(BaseCommand):
    """Rerun the thesis."""

    help = "Rerun the thesis's experiments. Stopping loses at most one epoch; the same command resumes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("experiment", nargs="*", help=f"some of {', '.join(EXPERIMENTS)} (default: all)")
        parser.add_argument("--scale", default="full", help=f"one of {', '.join(SCALES)} (default: full)")
        parser.add_argument("--dataset", default="cmnist", help="data set that is split as the thesis did")
        parser.add_argument("--queue", action="store_true", help="let workers train, and wait for the end")
        parser.add_argument("--unpublished", action="store_true", help="train only runs that docs/figures lacks")
        parser.add_argument("--report", action="store_true", help="train nothing, only print the figures so far")
        parser.add_argument(
            "--save",
            action="store_true",
            help="write docs/figures/study-EXPERIMENT.md and .json; quick: study-quick, how long it took",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        """Train what has not ended; print the figures so far."""
        self._began, self._trained = time.process_time(), 0
        experiments = _experiments(options["experiment"])
        if options["scale"] not in SCALES:
            raise CommandError(f"There is no scale “{options['scale']}”; there are: {', '.join(SCALES)}.")
        try:
            dataset = thesis_split(_dataset(options["dataset"]))
            self._train(experiments, dataset, options)
        except (DatasetError, RunError) as error:
            raise CommandError(str(error)) from error
        except (InterruptedStudyError, KeyboardInterrupt) as error:
            self._report(experiments, dataset, options)
            raise CommandError("Stopped; the same command goes on.", returncode=INTERRUPTED) from error
        self._report(experiments, dataset, options)

    def _train(self, experiments: list[ThesisExperiment], dataset: Dataset, options: dict[str, Any]) -> None:
        if options["report"]:
            return
        wanted = experiments if options["unpublished"] and options["scale"] == FULL else []
        known = {each.name: published_runs(each) for each in wanted}
        train = terminal.wait_for if options["queue"] else terminal.work_here
        train(StudyPlan(experiments, options["scale"], dataset, known), self._ended)

    def _ended(self, need: NeededRun, made: StudyRun) -> None:
        """Print the result of a run as soon as it has ended."""
        self._trained += 1
        made.run.refresh_from_db()
        row, seed = need.row, need.recipe.seed
        best = made.run.best_validation_accuracy
        reached = "—" if best is None else f"{best:.2%}"
        thesis = "—" if row.thesis is None else f"{row.thesis:g}%"
        self.stderr.write(f"{need.experiment.name}, {row.label}, seed {seed}: best {reached} (thesis {thesis})")

    def _report(self, experiments: list[ThesisExperiment], dataset: Dataset, options: dict[str, Any]) -> None:
        found = patiently(partial(_figures, experiments, options["scale"], dataset))
        if options["json"]:
            self.stdout.write(json.dumps({"scale": options["scale"], "experiments": found}, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(reporting.markdown(each) for each in found))
        if options["save"]:
            self._save(found, options)

    def _save(self, found: list[ExperimentFigures], options: dict[str, Any]) -> None:
        folder: Path = settings.BASE_DIR / "docs" / "figures"
        if options["scale"] == FULL:
            saving.save(found, folder)
            return
        runs = {run["run"] for each in found for row in each["rows"] for run in row["runs"]}
        in_one_go = self._trained == len(runs) and not options["queue"]
        saving.save_quick(found, time.process_time() - self._began if in_one_go else None, folder)


def _figures(experiments: list[ThesisExperiment], scale: str, dataset: Dataset) -> list[ExperimentFigures]:
    """Figures with verdicts; at full scale, what was published stands where nothing was trained here."""
    names = {each.name for each in experiments}
    if scale == FULL:
        found = with_published(EXPERIMENTS.values(), dataset)
    else:
        made = services.runs_by_recipe(dataset)
        found = judged([figures(each, scale, dataset, made) for each in EXPERIMENTS.values()])
    return [each for each in found if each["experiment"] in names]


def _experiments(names: list[str]) -> list[ThesisExperiment]:
    for name in names:
        if name not in EXPERIMENTS:
            raise CommandError(f"There is no experiment “{name}”; there are: {', '.join(EXPERIMENTS)}.")
    return [EXPERIMENTS[name] for name in names or EXPERIMENTS]


def _dataset(name: str) -> Dataset:
    found = Dataset.objects.filter(name=name).first()
    if found is None:
        raise CommandError(f"There is no data set “{name}”: import Cyrillic-MNIST first (docs/study.md).")
    return found
