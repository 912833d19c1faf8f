"""`manage.py write_lesson_letters`: the letters that the teaching page trains on."""

from typing import Any

from django.core.management import BaseCommand

from training.study.learning import letters


class Command(BaseCommand):
    """Write static/learn/letters.bin."""

    help = "Write the small set of letters that the teaching page trains on."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file."""
        letters.FILE.parent.mkdir(parents=True, exist_ok=True)
        letters.FILE.write_bytes(letters.content())
        self.stdout.write(f"{letters.FILE.name}: {letters.FILE.stat().st_size} bytes")
