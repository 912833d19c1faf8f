"""`manage.py recognize IMAGE…`: read letters from picture files."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from recognizer import catalog
from recognizer.core.ink import InkError
from recognizer.pictures import PictureError
from recognizer.recognition import Reading, recognize_picture


class Command(BaseCommand):
    """Read each picture; one that cannot be read is named, and the others are read all the same."""

    help = "Read handwritten letters from picture files."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take pictures and a model."""
        parser.add_argument("images", nargs="+", type=Path, metavar="IMAGE")
        parser.add_argument("--model", help="a model's name (default: the one in service, or the shipped one)")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, images: list[Path], model: str | None, **options: Any) -> None:
        """Read and print."""
        try:
            loaded = catalog.chosen(model)
        except catalog.CatalogError as error:
            raise CommandError(str(error)) from error
        results = [_read(path, loaded) for path in images]
        if options["json"]:
            self.stdout.write(json.dumps({"model": loaded.name, "images": results}, ensure_ascii=False))
        else:
            self._print(results)
        if failed := [result for result in results if "error" in result]:
            raise CommandError("\n".join(f"{result['file']}: {result['error']}" for result in failed))

    def _print(self, results: list[dict[str, Any]]) -> None:
        for result in results:
            if "letter" in result:
                best = "  ".join(f"{guess['letter']} {guess['probability']:.1%}" for guess in result["best"])
                self.stdout.write(f"{result['file']}: {result['letter']}   ({best})")


def _read(path: Path, model: catalog.LoadedModel) -> dict[str, Any]:
    try:
        return {"file": str(path)} | _as_dict(recognize_picture(path.read_bytes(), model))
    except OSError as error:
        return {"file": str(path), "error": error.strerror or "cannot be read"}
    except (PictureError, InkError) as error:
        return {"file": str(path), "error": str(error)}


def _as_dict(reading: Reading) -> dict[str, Any]:
    best = [{"letter": letter, "probability": round(probability, 6)} for letter, probability in reading.best]
    return {"letter": reading.letter, "best": best, "milliseconds": round(reading.milliseconds, 3)}
