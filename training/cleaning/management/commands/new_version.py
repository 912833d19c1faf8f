"""`manage.py new_version NAME --name NEW`: a new version of a data set from the decisions on it."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from training.cleaning import decisions, review
from training.cleaning.execution import make_version
from training.cleaning.models import Action, Kind, NewVersion
from training.cleaning.naming import dataset_named
from training.datasets.errors import DatasetError
from training.datasets.models import Dataset
from training.datasets.splitting import Split
from training.datasets.store import Index
from training.jobs import lifecycle, terminal
from training.jobs.models import State
from training.jobs.working import worker_name


class Command(BaseCommand):
    """Make a version in this process."""

    help = "Make a new version of a data set: without what was rejected, with the letters that were mended."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("dataset", help="name of the data set that it begins from")
        parser.add_argument("--name", required=True, help="name of the new version")
        parser.add_argument("--note", default="", help="a few words for its page")
        parser.add_argument(
            "--reject",
            action="append",
            default=[],
            choices=Kind.values,
            help="first reject all that the newest clean_dataset found of this kind and nobody decided on; repeatable",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")

    def handle(self, *args: Any, dataset: str, name: str, note: str, reject: list[str], **options: Any) -> None:
        """Make it, and say what it has otherwise."""
        try:
            parent = dataset_named(dataset)
            if reject:
                _reject(parent, [Kind(kind) for kind in reject])
        except DatasetError as error:
            raise CommandError(str(error)) from error
        job = lifecycle.take(NewVersion(parent=parent, name=name, comment=note), worker=worker_name())
        terminal.do_here(job, make_version, f"New version of {dataset}")
        job.refresh_from_db()
        if job.state != State.SUCCEEDED or job.dataset is None:
            raise CommandError(job.error or f"The version was {job.get_state_display()}.")
        figures = _figures(job.dataset)
        self.stdout.write(json.dumps(figures, ensure_ascii=False) if options["json"] else _sentence(figures))


def _reject(parent: Dataset, kinds: list[Kind]) -> None:
    cleaning = review.latest(parent)
    if cleaning is None:
        raise DatasetError(f"Nothing was looked for in “{parent.name}” yet: run clean_dataset first.")
    if pictures := review.undecided(cleaning, kinds):
        decisions.decide(parent, Index.load(parent.folder), pictures, Action.REJECT)


def _figures(version: Dataset) -> dict[str, Any]:
    step = version.lineage[-1]
    return {
        "dataset": version.name,
        "id": version.pk,
        "parent": step["parent"],
        "pictures": version.pictures,
        **{split.key: version.size(split) for split in Split},
        **{key: step[key] for key in ("rejected", "relabelled", "added", "copies_dropped")},
        "content_sha256": version.content_sha256,
    }


def _sentence(figures: dict[str, Any]) -> str:
    return (
        f"Data set “{figures['dataset']}”: {figures['pictures']:,} pictures; of “{figures['parent']}” "
        f"{figures['rejected']:,} rejected, {figures['relabelled']:,} with another letter."
    )
