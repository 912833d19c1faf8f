"""`manage.py import_dataset ARCHIVE --name NAME`: an archive becomes a data set."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from training.datasets.classes import CLASS_SETS, class_set
from training.datasets.errors import DatasetError
from training.datasets.importing import import_archive, refuse_known
from training.datasets.layouts import Choice
from training.datasets.terminal import figures_of, in_words, progress_bar, seed_argument


class Command(BaseCommand):
    """Import an archive in this process."""

    help = "Import an archive of letters (zip, tar, tar.gz or a folder) as a data set."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("archive", type=Path)
        parser.add_argument("--name", required=True, help="name of the new data set")
        parser.add_argument("--seed", type=seed_argument, default=0, help="what the split depends on (default: 0)")
        parser.add_argument(
            "--letters", help=f"class set: {', '.join(CLASS_SETS)}, or a text file with the letters (default: russian)"
        )
        parser.add_argument("--labels", default="", metavar="COLUMN", help="column of the table with the letters")
        parser.add_argument("--files", default="", metavar="COLUMN", help="column of the table with the file names")
        parser.add_argument("--writers", default="", metavar="COLUMN", help="column that tells who wrote each picture")
        parser.add_argument(
            "--again", action="store_true", help="import it although the same bytes were imported before"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")

    def handle(self, *args: Any, archive: Path, name: str, seed: int, letters: str | None, **options: Any) -> None:
        """Import, and say what came of it."""
        try:
            chosen = class_set(letters) if letters else ""
            if not options["again"]:
                refuse_known(archive, letters=chosen)
            choice = Choice(labels=options["labels"], files=options["files"], groups=options["writers"])
            with progress_bar("Importing") as progress:
                dataset = import_archive(
                    archive, name=name, seed=seed, letters=chosen, choice=choice, progress=progress
                )
        except DatasetError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError("Stopped; nothing was imported.", returncode=130) from None
        figures = figures_of(dataset)
        self.stdout.write(json.dumps(figures, ensure_ascii=False) if options["json"] else in_words(figures))
