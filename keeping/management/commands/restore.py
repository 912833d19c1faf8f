"""`manage.py restore FILE`: an installation from its backup."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from keeping.errors import KeepingError
from keeping.restoring.restore import restore
from training.jobs.terminal import INTERRUPTED, progress_bar


class Command(BaseCommand):
    """Restore into an empty installation, or in place of one that is set aside."""

    help = "Restore a backup: all of it, checked by its hashes, or nothing."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("file", type=Path, help="a file that `backup` has written")
        parser.add_argument("--replace", action="store_true", help="set aside what is there; nothing is deleted")
        parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")

    def handle(self, *args: Any, file: Path, replace: bool, **options: Any) -> None:
        """Restore, and say what is there now."""
        try:
            with progress_bar("Restoring") as show:
                done = restore(file, replace=replace, progress=show)
        except KeepingError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError(
                "Interrupted: what was there is still there, or `manage.py setup` puts the backup in its place.",
                returncode=INTERRUPTED,
            ) from None
        manifest = done.manifest
        figures = {
            "created": manifest.created,
            "rows": sum(manifest.rows.values()),
            "files": len(manifest.members) - 1,
            "set_aside": str(done.set_aside) if done.set_aside else None,
        }
        if options["json"]:
            self.stdout.write(json.dumps(figures))
            return
        self.stdout.write("{rows:,} rows and {files:,} files of {created} are back, each checked.".format(**figures))
        if done.set_aside:
            self.stdout.write(f"What was there before is in {done.set_aside}.")
