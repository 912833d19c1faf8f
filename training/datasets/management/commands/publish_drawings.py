"""`manage.py publish_drawings`: donated drawings become an archive that visitors download."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from training.datasets import services
from training.datasets.errors import DatasetError
from training.datasets.storage import donated


class Command(BaseCommand):
    """Publish the drawings that were accepted and whose donors agreed, or stop publishing."""

    help = "Publish accepted drawings whose donors agreed to the licence, in place of those published before."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("--stop", action="store_true", help="publish none any more, and delete the archive")
        parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")

    def handle(self, *args: Any, stop: bool, **options: Any) -> None:
        """Publish, and say what."""
        if stop:
            count = services.stop_publishing()
            words = "No drawings are published any more." if count else "No drawings were published."
            self.stdout.write(json.dumps({"drawings": 0}) if options["json"] else words)
            return
        try:
            row = donated.publish()
        except DatasetError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            reason = error.strerror or error
            raise CommandError(_("The archive cannot be written: %(reason)s.") % {"reason": reason}) from error
        figures = {"drawings": row.drawings, "version": row.version, "file": str(row.path), "bytes": row.file_bytes}
        words = f"{row.drawings:,} drawings are published as version {row.version}: {row.path}"
        self.stdout.write(json.dumps(figures) if options["json"] else words)
