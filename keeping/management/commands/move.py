"""`manage.py move`: from SQLite to PostgreSQL, and from a folder to a store."""

import json
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from keeping.errors import KeepingError
from keeping.moving.move import Moved, move, move_files
from keeping.moving.to_store import store_at
from training.jobs.terminal import INTERRUPTED, progress_bar

ROWS_AND_FILES = "{rows:,} rows of {tables} tables and {files:,} files are there, each checked ({seconds} s)."
FILES_ALONE = "{files:,} files are there, each checked ({seconds} s). The rows stay where they are."


class Command(BaseCommand):
    """Move to PostgreSQL, to a store of files, or to both; the old installation is only read."""

    help = "Copy rows and files to PostgreSQL and a folder of its own, or a store, each checked; the old ones stay."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("--to", default="", metavar="DATABASE_URL", help="an empty PostgreSQL database")
        parser.add_argument("--files", default="", metavar="s3://…", help="a store that takes the files")
        beside = settings.PROPIS_VAR.with_name(f"{settings.PROPIS_VAR.name}-postgresql")
        parser.add_argument("--folder", type=Path, default=beside, help=f"PROPIS_VAR there (default: {beside})")
        parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")

    def handle(self, *args: Any, to: str, folder: Path, files: str, **options: Any) -> None:
        """Move, and say what was checked and how to start there."""
        folder, began = folder.absolute(), time.monotonic()
        if folder == settings.PROPIS_VAR or settings.PROPIS_VAR in folder.parents:
            raise CommandError("Choose a folder outside of this installation's own.")
        if not to and not files:
            raise CommandError("Say where to: --to DATABASE_URL, --files s3://bucket/prefix, or both.")
        try:
            with progress_bar("Moving") as show:
                store = store_at(files) if files else None
                done = move(to, folder, show, store=store) if to else move_files(files, show)
        except KeepingError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError("Interrupted: the same command goes on.", returncode=INTERRUPTED) from None
        place = f"PROPIS_FILES={files} PROPIS_SECRET_KEY=…" if files else f"PROPIS_VAR={folder}"
        start = f"{place} DATABASE_URL=… make run" if to else f"{place} make run"
        self._say(done, start, time.monotonic() - began, as_json=options["json"])

    def _say(self, done: Moved, start: str, seconds: float, *, as_json: bool) -> None:
        figures = {
            "rows": sum(digest.count for digest in done.rows.values()),
            "tables": len(done.rows),
            "files": done.files,
            "copied": done.copied,
            "seconds": round(seconds, 1),
        }
        if done.is_running:
            self.stderr.write("Propis runs: what it writes from now on stays behind. Stop it before you move for good.")
        if as_json:
            self.stdout.write(json.dumps(figures))
            return
        for table, digest in sorted(done.rows.items()):
            self.stdout.write(f"  {digest.count:>9,} rows  {digest.sha256[:16]}  {table}")
        self.stdout.write((ROWS_AND_FILES if done.rows else FILES_ALONE).format(**figures))
        self.stdout.write(f"Start it {'there' if done.rows else 'with them'}: {start}")
