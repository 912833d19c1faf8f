"""`manage.py disk_use`: what takes room, and what can go."""

import json
import shutil
from argparse import ArgumentParser
from collections import Counter
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand

from keeping.disk_use import Usage, in_store, rooms
from recognizer.filestore.errors import StoreAwayError

LISTED = 20


class Command(BaseCommand):
    """Show the largest things of the folder of all state."""

    help = "Show what takes room on the disk, by data set, model, run and reading of pages, and what can be deleted."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the argument."""
        parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print sums by kind, then the largest things."""
        try:
            stored = in_store()
        except StoreAwayError as error:
            stored = None
            self.stderr.write(f"The store of files does not answer, so what it holds is not shown: {error}")
        found, free = rooms(stored), shutil.disk_usage(settings.PROPIS_VAR).free
        sums: Counter[str] = Counter()
        in_it: Counter[str] = Counter()
        for room in found:
            sums[room.kind] += room.size
            in_it[room.kind] += room.stored
        if options["json"]:
            answer = {"free": free, "sums": sums, "stored": in_it, "rooms": [asdict(room) for room in found]}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        self.stdout.write(f"{_megabytes(sums.total())} in {settings.PROPIS_VAR}; {_megabytes(free)} are free.")
        for kind, size in sums.most_common():
            self.stdout.write(f"{_megabytes(size):>14}  {kind}")
        if stored is not None:
            self.stdout.write(f"\n{_megabytes(in_it.total())} in the store of files:")
            for kind, size in (+in_it).most_common():
                self.stdout.write(f"{_megabytes(size):>14}  {kind}")
        self.stdout.write("\nThe largest:")
        for room in found[:LISTED]:
            self._say(room)

    def _say(self, room: Usage) -> None:
        remedy = f"  ({room.remedy})" if room.remedy else ""
        stored = f", {_megabytes(room.stored)} in the store" if room.stored else ""
        self.stdout.write(f"{_megabytes(room.size):>14}{stored}  {room.kind}: {room.name}{remedy}")


def _megabytes(size: int) -> str:
    return f"{size / 2**20:,.1f} MB"
