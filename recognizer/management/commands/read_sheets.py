"""`manage.py read_sheets PHOTO… --output FILE`: photographed collection sheets as an archive that can be imported."""

import json
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from recognizer.pages import extra
from recognizer.pages.errors import PageError


class Command(BaseCommand):
    """Read sheets; one that cannot be read is named, and the others are read all the same."""

    help = "Read photographs, scans or PDFs of filled-in collection sheets into a zip of labelled pictures."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take photographs and a file."""
        parser.add_argument("photographs", nargs="+", type=Path, metavar="PHOTO")
        parser.add_argument("--output", type=Path, required=True, metavar="FILE", help="the zip, for import_dataset")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, photographs: list[Path], output: Path, **options: Any) -> None:
        """Read and write."""
        try:
            extra.require()
        except PageError as error:
            raise CommandError(str(error)) from error
        from recognizer.pages.sheets import archiving  # it needs the extra

        read = [each for path in photographs for each in _read(path)]
        sheets = [each["sheet"] for each in read if "sheet" in each]
        if sheets:
            _write(output, archiving.to_archive(sheets))
        rows = [_row(each) for each in read]
        self.stdout.write(json.dumps({"sheets": rows}, ensure_ascii=False) if options["json"] else _lines(rows))
        if failed := [f"{row['file']}: {row['error']}" for row in rows if "error" in row]:
            raise CommandError("\n".join(failed))


def _write(output: Path, content: bytes) -> None:
    try:
        output.write_bytes(content)
    except OSError as error:
        raise CommandError(f"{output}: {error.strerror}") from error


def _read(path: Path) -> Iterator[dict[str, Any]]:
    from recognizer.pages import opening  # they need the extra
    from recognizer.pages.sheets.sheet_reader import read_sheet

    try:
        for page in opening.open_pages(path.read_bytes()):
            try:
                yield {"file": str(path), "sheet": read_sheet(page)}
            except PageError as error:
                yield {"file": f"{path}, page {page.number}", "error": str(error)}
    except OSError as error:
        yield {"file": str(path), "error": error.strerror or "cannot be read"}
    except PageError as error:
        yield {"file": str(path), "error": str(error)}


def _row(read: dict[str, Any]) -> dict[str, Any]:
    if "error" in read:
        return read
    from recognizer.pages.sheets.printing import writer_name  # it needs the extra

    sheet = read["sheet"]
    states = Counter(each.state.value for each in sheet.boxes)
    return {"file": read["file"], "writer": writer_name(sheet.writer), "page": sheet.page + 1, "boxes": dict(states)}


def _lines(rows: list[dict[str, Any]]) -> str:
    return "\n".join(
        f"{row['file']}: writer {row['writer']}, page {row['page']}: "
        + ", ".join(f"{count} {state}" for state, count in row["boxes"].items())
        for row in rows
        if "error" not in row
    )
