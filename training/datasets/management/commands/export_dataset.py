"""`manage.py export_dataset NAME --format F`: a data set as a file."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from recognizer.core.files import replacing
from training.datasets.errors import DatasetError
from training.datasets.naming import dataset_named
from training.datasets.storage.export_formats import FORMS, export, file_name
from training.jobs.terminal import INTERRUPTED


class Command(BaseCommand):
    """Write a data set to a file that an import gives back as it was."""

    help = (
        "Export a data set: npz, folders (a zip with a folder for each letter), numbered (folders 0, 1, …), csv (of "
        "pixels), idx, mnist (idx under MNIST's names), thesis (train.npz and test.npz of 784 greys from 0 to 1)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("name", help="name of the data set")
        parser.add_argument("--format", choices=tuple(FORMS), default="npz", help="default: npz")
        parser.add_argument("--output", type=Path, help="the file (default: NAME in the working directory)")
        parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        """Export, and say where it is."""
        try:
            dataset = dataset_named(name)
            path: Path = options["output"] or Path(file_name(dataset, options["format"]))
            pieces = export(dataset, options["format"])
            with replacing(path) as file:
                for piece in pieces:
                    file.write(piece)
        except DatasetError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError("Interrupted: no file was written.", returncode=INTERRUPTED) from None
        except OSError as error:
            reason = error.strerror or error
            raise CommandError(
                _("%(path)s cannot be written: %(reason)s.") % {"path": path, "reason": reason}
            ) from error
        figures = {"file": str(path), "bytes": path.stat().st_size, "pictures": dataset.pictures}
        self.stdout.write(json.dumps(figures) if options["json"] else f"{path}: {figures['bytes']:,} bytes.")
