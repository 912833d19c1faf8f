"""`manage.py import_dataset ARCHIVE --name NAME`: an archive becomes a data set."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from training.datasets.classes import CLASS_SETS, class_set
from training.datasets.errors import DatasetError
from training.datasets.importing import import_archive, refuse_known
from training.datasets.inspecting import inspect_archive
from training.datasets.layouts import Choice
from training.datasets.models import Dataset
from training.datasets.saving import check_name
from training.datasets.splitting import SplitChoice, size_of
from training.datasets.terminal import agreed, figures_of, finding_in_words, in_words, progress_bar, seed_argument


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
            help="column that tells who wrote each picture; none: nobody's stay together",
        )
        _split_arguments(parser)
        parser.add_argument("--inspect", action="store_true", help="only print what is found in the archive")
        parser.add_argument("--yes", action="store_true", help="do not ask before the import")
        parser.add_argument(
            "--again", action="store_true", help="import it although the same bytes were imported before"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")

    def handle(self, *args: Any, archive: Path, **options: Any) -> None:
        """Look, ask, import, and say what came of it."""
        try:
            figures = self._inspected(archive, options) if options["inspect"] else self._imported(archive, options)
        except DatasetError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError("Stopped; nothing was imported.", returncode=130) from None
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
            self.stderr.write(finding_in_words(inspect_archive(archive, letters=letters, choice=choice)))
            if not agreed("Import it?"):
                raise CommandError("Nothing was imported.")
        with progress_bar("Importing") as progress:
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
    parser.add_argument("--seed", type=seed_argument, default=0, help="what the split depends on (default: 0)")
    parser.add_argument(
        "--split",
        choices=("keep", "anew"),
        default="keep",
        help="keep the publisher's parts and draw what is missing (default), or draw all anew",
    )
    size = "as a share (0.25, 25%%, 16500/93135) or a number of pictures"
    parser.add_argument("--test", default="", metavar="SIZE", help=f"size of the test part, {size} (default: 0.25)")
    parser.add_argument("--validation", default="", metavar="SIZE", help="size of the validation part (default: 0.1)")


def _letters(options: dict[str, Any]) -> str:
    return class_set(options["letters"]) if options["letters"] else ""


def _choice(options: dict[str, Any]) -> Choice:
    return Choice(labels=options["labels"], files=options["files"], groups=options["writers"])


def _split(options: dict[str, Any]) -> SplitChoice:
    test, validation = (size_of(options[part]) if options[part] else None for part in ("test", "validation"))
    return SplitChoice(anew=options["split"] == "anew", test=test, validation=validation)
