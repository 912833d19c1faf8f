"""`manage.py recognize IMAGE… [--as page]`: read letters, or whole pages, from picture files."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from recognizer import active_model
from recognizer.core.ink import InkError
from recognizer.loading import CatalogueError, LoadedModel
from recognizer.pages.terminal import read_pages
from recognizer.pictures import PictureError
from recognizer.recognition import Reading, recognize_picture


class Command(BaseCommand):
    """Read each picture; one that cannot be read is named, and the others are read all the same."""

    help = "Read handwritten letters from picture files, or whole pages from photographs, scans and PDF files."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take pictures and a model."""
        parser.add_argument("images", nargs="+", type=Path, metavar="IMAGE")
        parser.add_argument(
            "--as", dest="kind", choices=("letter", "page"), default="letter", help="what each file shows"
        )
        parser.add_argument("--model", help="a model's name (default: the one in service, or the shipped one)")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, images: list[Path], model: str | None, kind: str, **options: Any) -> None:
        """Read and print."""
        try:
            loaded = active_model.find_or_active(model)
        except CatalogueError as error:
            raise CommandError(str(error)) from error
        if kind == "page":
            results = [page for path in images for page in read_pages(path, loaded)]
        else:
            results = [_read(path, loaded) for path in images]
        if options["json"]:
            self.stdout.write(json.dumps({"model": loaded.name, "images": results}, ensure_ascii=False))
        else:
            self._print(results)
        if failed := [result for result in results if "error" in result]:
            raise CommandError("\n".join(f"{result['file']}: {result['error']}" for result in failed))

    def _print(self, results: list[dict[str, Any]]) -> None:
        for result in results:
            if "text" in result:
                self.stdout.write(f"{result['file']}, page {result['page']}:\n{result['text']}")
            elif "letter" in result:
                self.stdout.write(f"{result['file']}: {_sentence(result)}")


def _sentence(result: dict[str, Any]) -> str:
    if result["refused"]:
        nearest = " or ".join(guess["letter"] for guess in result["best"][:2])
        return f"this does not look like a letter (nearest: {nearest})"
    best = "  ".join(f"{guess['letter']} {guess['probability']:.1%}" for guess in result["best"])
    twin = f" or the digit {result['twin']}" if result["twin"] else ""
    return f"{result['letter']}{twin}   ({best})"


def _read(path: Path, model: LoadedModel) -> dict[str, Any]:
    try:
        return {"file": str(path)} | _as_dict(recognize_picture(path.read_bytes(), model))
    except OSError as error:
        return {"file": str(path), "error": error.strerror or "cannot be read"}
    except (PictureError, InkError, CatalogueError) as error:
        return {"file": str(path), "error": str(error)}


def _as_dict(reading: Reading) -> dict[str, Any]:
    best = [{"letter": letter, "probability": round(probability, 6)} for letter, probability in reading.best]
    return {
        "letter": reading.letter,
        "best": best,
        "refused": reading.refused,
        "twin": reading.twin or None,
        "milliseconds": round(reading.milliseconds, 3),
    }
