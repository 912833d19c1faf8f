"""`manage.py download_dataset NAME`: a publisher's archive is downloaded and becomes a data set."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from training.datasets.errors import DatasetError
from training.datasets.imports.http_download import PUBLISHER_ARCHIVES, PublisherArchive, download, publisher_archive
from training.datasets.imports.pipeline import import_archive
from training.datasets.naming import check_name
from training.datasets.terminal import counting_bar
from training.jobs.terminal import waiting_for_store


class Command(BaseCommand):
    """Download an archive and import it."""

    help = "Download a publisher's archive of letters, showing its licence first, and import it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("archive", help=", ".join(each.name for each in PUBLISHER_ARCHIVES))
        parser.add_argument("--name", help="name of the new data set (default: the archive's)")
        parser.add_argument("--url", default="", help="take it from here instead of from its publisher")
        parser.add_argument("--sha256", default="", help="refuse a file with another SHA-256")
        parser.add_argument("--only-download", action="store_true", help="do not import it")
        parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")

    def handle(self, *args: Any, archive: str, **options: Any) -> None:
        """Download, import, print the result."""
        try:
            figures = self._done(publisher_archive(archive), options)
        except DatasetError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError("Stopped; the next try goes on with what is here.", returncode=130) from None
        self.stdout.write(
            json.dumps(figures) if options["json"] else ", ".join(f"{k}: {v}" for k, v in figures.items())
        )

    def _done(self, wanted: PublisherArchive, options: dict[str, Any]) -> dict[str, Any]:
        name = options["name"] or wanted.name
        if not options["only_download"]:
            check_name(name)
        self.stderr.write(f"{wanted.name}: {wanted.licence}")
        with counting_bar("Downloading") as progress:
            path = download(wanted, url=options["url"], sha256=options["sha256"], progress=progress)
        if options["only_download"]:
            return {"file": str(path)}

        with counting_bar("Importing") as progress, waiting_for_store():
            dataset = import_archive(path, name=name, progress=progress)
        is_same = dataset.content_sha256 == wanted.content_sha256
        if not is_same:
            self.stderr.write(
                _("%(path)s has other pictures than those that the figures of the documentation were measured on.")
                % {"path": path}
            )
        return {"dataset": dataset.name, "pictures": dataset.pictures, "file": str(path), "as_measured": is_same}
