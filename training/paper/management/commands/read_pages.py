"""`manage.py read_pages PATH… --output FILE`: all pages of folders, zips, PDFs and pictures as CSV or JSON."""

import json
from argparse import ArgumentParser, BooleanOptionalAction
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from recognizer import active_model
from recognizer.loading import CatalogueError, LoadedModel
from recognizer.pages import extra, scans
from recognizer.pages.errors import PageError
from training.jobs.terminal import progress_bar
from training.paper.execution import page_row
from training.paper.page_results import FORMS
from training.paper.rows import Row
from training.paper.unfinished import UnfinishedReading


class Command(BaseCommand):
    """Read pages in this process; one that cannot be read has its reason in the file. Killed, it can be given again."""

    help = "Read all pages of a folder, zip, PDF or picture into a CSV or JSON with places and probabilities."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what is to be read, and a file."""
        parser.add_argument("path", type=Path, metavar="PATH", help="a folder, zip, PDF or picture")
        parser.add_argument("--output", type=Path, required=True, metavar="FILE", help="a .csv or .json")
        parser.add_argument("--model", help="a model's name (default: the one in service, or the shipped one)")
        parser.add_argument("--lexicon", action=BooleanOptionalAction, default=True, help="prefer Russian words")
        parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")

    def handle(self, *args: Any, path: Path, output: Path, model: str | None, **options: Any) -> None:
        """Read and write."""
        form = output.suffix.removeprefix(".").lower()
        if form not in FORMS:
            raise CommandError(f"{output}: its name must end in .csv or .json")
        try:
            extra.require()
            chosen = active_model.find_or_active(model)
            rows = _read(path, output, chosen, with_lexicon=options["lexicon"])
        except (PageError, CatalogueError) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{error.filename or output}: {error.strerror or error}") from error
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


def _read(path: Path, output: Path, model: LoadedModel, *, with_lexicon: bool) -> list[Row]:
    """Read all pages that no earlier command has read for the same output, write it, and return its rows."""
    files = scans.find_files(path)
    unfinished = UnfinishedReading(output, files, f"{model.name} {model.sha256} {with_lexicon}")
    with progress_bar("Reading") as show:
        for scan in scans.each_scan(files, unfinished.rows):
            place: Row = {"file": scan.file, "page": scan.number, "pages": scan.pages}
            try:
                read = scan.read(lambda page: page_row(page, model, with_lexicon=with_lexicon))
                unfinished.rows.add(place | read)
            except (PageError, CatalogueError) as error:
                unfinished.rows.add(place | {"error": error.args[0]})
            show(scan.share, f"{scan.file}, page {scan.number}")
    rows = list(unfinished.read())
    unfinished.finish()
    return rows
