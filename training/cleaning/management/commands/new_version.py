"""`manage.py new_version NAME --name NEW`: a new version of a data set from the decisions on it."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from training.cleaning import findings, services
from training.cleaning.execution import make_version
from training.cleaning.models import Action, FindingKind
from training.datasets.content.splitting import Split
from training.datasets.errors import DatasetError
from training.datasets.models import Dataset
from training.datasets.naming import dataset_named
from training.datasets.storage.picture_files import Index
from training.jobs import terminal
from training.jobs.models import State
from training.jobs.terminal import INTERRUPTED


class Command(BaseCommand):
    """Make a version in this process."""

    help = "Make a new version of a data set: rejected pictures left out, corrected letters applied."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("dataset", help="name of the data set that it begins from")
        parser.add_argument("--name", required=True, help="name of the new version")
        parser.add_argument("--note", default="", help="a few words for its page")
        parser.add_argument(
            "--reject",
            action="append",
            default=[],
            choices=FindingKind.values,
            help="first reject every undecided finding of this kind of the newest clean_dataset; repeatable",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")

    def handle(self, *args: Any, dataset: str, name: str, note: str, reject: list[str], **options: Any) -> None:
        """Make it, and print the differences from its parent."""
        try:
            parent = dataset_named(dataset)
            if reject:
                _reject(parent, [FindingKind(kind) for kind in reject])
        except DatasetError as error:
            raise CommandError(str(error)) from error
        job = terminal.do_here(
            lambda: services.begin_version(parent, name=name, comment=note),
            make_version,
            lambda _job: f"New version of {dataset}",
        )
        if job.state != State.SUCCEEDED or job.dataset is None:
            returncode = INTERRUPTED if job.state == State.CANCELLED else 1
            raise CommandError(job.error or f"The version was {job.get_state_display()}.", returncode=returncode)
        figures = _figures(job.dataset)
        self.stdout.write(json.dumps(figures, ensure_ascii=False) if options["json"] else _sentence(figures))


def _reject(parent: Dataset, kinds: list[FindingKind]) -> None:
    cleaning = findings.latest(parent)
    if cleaning is None:
        raise DatasetError(f"“{parent.name}” was not checked yet: run clean_dataset first.")
    if pictures := findings.undecided(cleaning, kinds):
        services.decide(parent, Index.load(parent.folder), pictures, Action.REJECT)


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
