"""`manage.py backup FILE`: everything of this installation in one file."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from keeping.archive.writing import write
from keeping.errors import KeepingError
from training.jobs.terminal import INTERRUPTED, progress_bar


class Command(BaseCommand):
    """Back up while everything goes on running."""

    help = "Write the database and all files that matter into one file, while workers train."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("file", type=Path, help="the file to write, such as propis.zip; it must not be there yet")
        parser.add_argument(
            "--without-secret-key", action="store_true", help="leave the secret key out (see docs/operations.md)"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")

    def handle(self, *args: Any, file: Path, without_secret_key: bool, **options: Any) -> None:
        """Write it and say what is in it."""
        if not file.absolute().parent.is_dir():
            raise CommandError(f"There is no folder {file.absolute().parent}.")
        try:
            with progress_bar("Backing up") as show:
                manifest = write(file.absolute(), with_secret_key=not without_secret_key, progress=show)
        except KeepingError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError("Interrupted: no backup was written.", returncode=INTERRUPTED) from None
        rows = sum(manifest.rows.values())
        figures = {"file": str(file), "bytes": file.stat().st_size, "rows": rows, "files": len(manifest.members) - 1}
        words = "{rows:,} rows and {files:,} files are in {file} ({bytes:,} bytes)."
        self.stdout.write(json.dumps(figures) if options["json"] else words.format(**figures))
