"""`manage.py read_pages PATH… --output FILE`: all pages of folders, zips, PDFs and pictures as CSV or JSON."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from recognizer import active_model
from recognizer.loading import CatalogueError, LoadedModel
from recognizer.pages import extra, scans
from recognizer.pages.errors import PageError
from training.jobs.terminal import progress_bar
from training.paper.execution import page_row
from training.paper.page_results import FORMS, write_results
from training.paper.rows import Row


class Command(BaseCommand):
    """Read pages in this process; one that cannot be read has its reason in the file."""

    help = "Read all pages of a folder, zip, PDF or picture into a CSV or JSON with places and probabilities."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what is to be read, and a file."""
        parser.add_argument("path", type=Path, metavar="PATH", help="a folder, zip, PDF or picture")
        parser.add_argument("--output", type=Path, required=True, metavar="FILE", help="a .csv or .json")
        parser.add_argument("--model", help="a model's name (default: the one in service, or the shipped one)")
        parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")

    def handle(self, *args: Any, path: Path, output: Path, model: str | None, **options: Any) -> None:
        """Read and write."""
        form = output.suffix.removeprefix(".").lower()
        if form not in FORMS:
            raise CommandError(f"{output}: its name must end in .csv or .json")
        try:
            extra.require()
            rows = _read(path, active_model.find_or_active(model))
            with output.open("w", encoding="utf-8", newline="") as file:
                write_results(rows, form, file)
        except (PageError, CatalogueError) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{error.filename or output}: {error.strerror}") from error
        failed = [f"{row['file']}, page {row['page']}: {row['error']}" for row in rows if "error" in row]
        letters = sum(len(row.get("letters", ())) for row in rows)
        figures = {"pages": len(rows) - len(failed), "unread": len(failed), "letters": letters, "output": str(output)}
        self.stdout.write(
            json.dumps(figures, ensure_ascii=False)
            if options["json"]
            else f"{output}: {figures['pages']} pages with {letters} letters; {len(failed)} not read"
        )
        if failed:
            self.stderr.write("\n".join(failed))
        if rows and len(failed) == len(rows):
            raise CommandError("No page could be read.")


def _read(path: Path, model: LoadedModel) -> list[Row]:
    rows = []
    with progress_bar("Reading") as show:
        for scan in scans.each_scan(scans.find_files(path)):
            place: Row = {"file": scan.file, "page": scan.number, "pages": scan.pages}
            try:
                rows.append(place | scan.read(lambda page: page_row(page, model)))
            except (PageError, CatalogueError) as error:
                rows.append(place | {"error": str(error)})
            show(scan.share, f"{scan.file}, page {scan.number}")
    return rows
