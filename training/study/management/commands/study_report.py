"""`manage.py study_report --output FOLDER`: the whole study as HTML, PDF and CSV."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from training.study.report import data_files, pages
from training.study.report.printing import PrintingError, print_to_pdf


class Command(BaseCommand):
    """Write the report."""

    help = "Write the study as one HTML page, the same as PDF (needs Chromium), and its data as CSV."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        languages = [code for code, _name in settings.LANGUAGES]
        parser.add_argument("--output", type=Path, required=True, help="folder for the files")
        parser.add_argument("--language", choices=languages, help="only this language (default: all)")
        parser.add_argument("--no-pdf", action="store_true", help="without PDF, where there is no Chromium")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write all files and name each."""
        folder: Path = options["output"].resolve()
        chosen = options["language"]
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for language in [chosen] if chosen else [code for code, _name in settings.LANGUAGES]:
                self._write(folder, language, with_pdf=not options["no_pdf"])
            for path in data_files.write(folder):
                self.stdout.write(str(path))
        except OSError as error:
            raise CommandError(f"Nothing can be written to {folder}: {error.strerror}.") from error
        except PrintingError as error:
            raise CommandError(str(error)) from error

    def _write(self, folder: Path, language: str, *, with_pdf: bool) -> None:
        page = folder / f"study-{language}.html"
        page.write_text(pages.html(language), encoding="utf-8")
        self.stdout.write(str(page))
        if with_pdf:
            print_to_pdf(page, page.with_suffix(".pdf"))
            self.stdout.write(str(page.with_suffix(".pdf")))
