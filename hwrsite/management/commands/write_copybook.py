"""`manage.py write_copybook`: the tables of the copybook as the JSON that its page reads."""

from typing import Any

from django.core.management import BaseCommand

from copybook import document


class Command(BaseCommand):
    """Write copybook/letters.json from copybook/tables/."""

    help = "Write copybook/letters.json from the tables of the copybook."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file."""
        document.FILE.write_text(document.text(), encoding="utf-8")
        self.stdout.write(document.FILE.name)
