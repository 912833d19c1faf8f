"""`manage.py disk_use`: what takes room, and what can go."""

import json
import shutil
from argparse import ArgumentParser
from collections import Counter
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand

from keeping.disk_use import Usage, rooms

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
        found, free = rooms(), shutil.disk_usage(settings.PROPIS_VAR).free
        sums: Counter[str] = Counter()
        for room in found:
            sums[room.kind] += room.size
        if options["json"]:
            answer = {"free": free, "sums": sums, "rooms": [asdict(room) for room in found]}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        self.stdout.write(f"{_megabytes(sums.total())} in {settings.PROPIS_VAR}; {_megabytes(free)} are free.")
        for kind, size in sums.most_common():
            self.stdout.write(f"{_megabytes(size):>14}  {kind}")
        self.stdout.write("\nThe largest:")
        for room in found[:LISTED]:
            self._say(room)

    def _say(self, room: Usage) -> None:
        remedy = f"  ({room.remedy})" if room.remedy else ""
        self.stdout.write(f"{_megabytes(room.size):>14}  {room.kind}: {room.name}{remedy}")


def _megabytes(size: int) -> str:
    return f"{size / 2**20:,.1f} MB"
