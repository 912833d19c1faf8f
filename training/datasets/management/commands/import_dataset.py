"""`manage.py import_dataset ARCHIVE --name NAME`: an archive becomes a data set."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from training.datasets.content.class_set import CLASS_SETS, class_set
from training.datasets.content.splitting import SplitChoice
from training.datasets.errors import DatasetError
from training.datasets.imports.inspection import inspect_archive
from training.datasets.imports.pipeline import import_archive, refuse_known
from training.datasets.layouts import Choice
from training.datasets.models import Dataset
from training.datasets.naming import check_name
from training.datasets.terminal import (
    agreed,
    answers_of,
    counting_bar,
    figures_of,
    finding_in_words,
    in_words,
    question_arguments,
    seed_argument,
)
from training.jobs.terminal import INTERRUPTED, waiting_for_store


class Command(BaseCommand):
    """Import an archive in this process."""

    help = "Import an archive of letters (zip, tar, tar.gz or a folder) as a data set. On a terminal it first asks."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("archive", type=Path)
        parser.add_argument("--name", default="", help="name of the new data set; needed unless --inspect is given")
        parser.add_argument(
            "--letters", help=f"class set: {', '.join(CLASS_SETS)}, or a text file with the letters (default: russian)"
        )
        parser.add_argument("--labels", default="", metavar="COLUMN", help="column of the table with the letters")
        parser.add_argument("--files", default="", metavar="COLUMN", help="column of the table with the file names")
        parser.add_argument(
            "--writers",
            default="",
            metavar="COLUMN",
            help="column that tells who wrote each picture; none: writers are ignored",
        )
        question_arguments(parser)
        _split_arguments(parser)
        parser.add_argument("--inspect", action="store_true", help="only print what is found in the archive")
        parser.add_argument("--yes", action="store_true", help="do not ask before the import")
        parser.add_argument(
            "--again", action="store_true", help="import it although the same bytes were imported before"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")

    def handle(self, *args: Any, archive: Path, **options: Any) -> None:
        """Inspect, ask, import, print the result."""
        try:
            figures = self._inspected(archive, options) if options["inspect"] else self._imported(archive, options)
        except DatasetError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError("Stopped; nothing was imported.", returncode=INTERRUPTED) from None
        if options["json"]:
            self.stdout.write(json.dumps(figures, ensure_ascii=False))
        elif not options["inspect"]:
            self.stdout.write(in_words(figures))

    def _inspected(self, archive: Path, options: dict[str, Any]) -> dict[str, Any]:
        found = inspect_archive(archive, letters=_letters(options), choice=_choice(options))
        if not options["json"]:
            self.stdout.write(finding_in_words(found))
        return found.as_dict()

    def _imported(self, archive: Path, options: dict[str, Any]) -> dict[str, Any]:
        letters, choice, split = _letters(options), _choice(options), _split(options)
        if not options["name"]:
            raise CommandError("Give the new data set a --name.")
        check_name(options["name"])
        if not options["again"]:
            refuse_known(archive, letters=letters)
        if sys.stdin.isatty() and not options["yes"]:
            found = inspect_archive(archive, letters=letters, choice=choice)
            self.stderr.write(finding_in_words(found), style_func=str)  # it is no error: not in red
            if not agreed("Import it?"):
                raise CommandError("Nothing was imported.")
        with counting_bar("Importing") as progress, waiting_for_store():
            dataset: Dataset = import_archive(
                archive,
                name=options["name"],
                seed=options["seed"],
                letters=letters,
                choice=choice,
                split=split,
                progress=progress,
            )
        return figures_of(dataset)


def _split_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--seed", type=seed_argument, default=0, help="seed of the split (default: 0)")
    parser.add_argument(
        "--split",
        choices=("keep", "redraw", "anew"),  # "anew" is what "redraw" was called once
        metavar="{keep,redraw}",
        default="keep",
        help="keep the publisher's splits and draw missing ones (default), or redraw all",
    )
    size = "as a share (0.25, 25%%, 16500/93135), a ratio to the rest (76635:16500) or a number of pictures"
    parser.add_argument("--test", default="", metavar="SIZE", help=f"size of the test split, {size} (default: 0.25)")
    parser.add_argument(
        "--validation", default="", metavar="SIZE", help="size of the validation split; 0: none (default: 0.1)"
    )


def _letters(options: dict[str, Any]) -> str:
    return class_set(options["letters"]) if options["letters"] else ""


def _choice(options: dict[str, Any]) -> Choice:
    return Choice(labels=options["labels"], files=options["files"], groups=options["writers"], **answers_of(options))


def _split(options: dict[str, Any]) -> SplitChoice:
    return SplitChoice.of(options["test"], options["validation"], redraw=options["split"] != "keep")
