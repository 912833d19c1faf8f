"""`manage.py print_sheets --writers N --output FILE`: collection sheets to print, as a PDF."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from recognizer.pages import extra
from recognizer.pages.errors import PageError


class Command(BaseCommand):
    """Make a PDF with two pages for each writer."""

    help = "Make a PDF of collection sheets: a grid of letters to copy, two pages for each writer."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take how many writers there are, and a file."""
        parser.add_argument("--writers", type=int, default=1, metavar="N", help="how many people will write (1)")
        parser.add_argument("--output", type=Path, required=True, metavar="FILE", help="the PDF")

    def handle(self, *args: Any, writers: int, output: Path, **options: Any) -> None:
        """Write the file."""
        try:
            extra.require()
            from recognizer.pages.sheets import printing  # it needs the extra

            numbers = printing.new_writers(writers)
            output.write_bytes(printing.print_sheets(numbers))
        except PageError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{output}: {error.strerror}") from error
        self.stdout.write(f"{output}: sheets of {', '.join(map(printing.writer_name, numbers))}")
