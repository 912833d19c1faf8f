"""`manage.py recognize IMAGE… [--as word or page]`: read letters, words or whole pages from picture files."""

import json
from argparse import ArgumentParser, BooleanOptionalAction
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from recognizer import active_model
from recognizer.core.ink import InkError
from recognizer.loading import CatalogueError, LoadedModel
from recognizer.pages.terminal import read_pages
from recognizer.pictures import PictureError
from recognizer.recognition import Reading, recognize_picture
from recognizer.words.reading import read_picture, word_members

JOINED_UP = "letters hang together here; joined-up writing is read with many mistakes, and some of it not at all"


class Command(BaseCommand):
    """Read each picture; one that cannot be read is named, and the others are read all the same."""

    help = "Read handwritten letters or words from picture files, or whole pages from photographs, scans and PDF files."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take pictures and a model."""
        parser.add_argument("images", nargs="+", type=Path, metavar="IMAGE")
        parser.add_argument(
            "--as", dest="kind", choices=("letter", "word", "page"), default="letter", help="what each file shows"
        )
        parser.add_argument("--lexicon", action=BooleanOptionalAction, default=True, help="prefer Russian words")
        parser.add_argument("--model", help="a model's name (default: the one in service, or the shipped one)")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, images: list[Path], model: str | None, kind: str, **options: Any) -> None:
        """Read and print."""
        try:
            loaded = active_model.find_or_active(model)
        except CatalogueError as error:
            raise CommandError(str(error)) from error
        results = _results(images, loaded, kind, with_lexicon=options["lexicon"])
        if options["json"]:
            self.stdout.write(json.dumps({"model": loaded.name, "images": results}, ensure_ascii=False))
        else:
            self._print(results)
            if model is None and loaded.pk is None:
                self.stderr.write(f"Read by “{loaded.name}”, which comes with Propis.", style_func=str)
        if failed := [result for result in results if "error" in result]:
            raise CommandError("\n".join(f"{result['file']}: {result['error']}" for result in failed))

    def _print(self, results: list[dict[str, Any]]) -> None:
        for result in results:
            if "error" in result:
                continue
            if "page" in result:
                self.stdout.write(f"{result['file']}, page {result['page']}:\n{result['text']}")
                if result["joined_up"] or result["unread"]:
                    self.stderr.write(f"{result['file']}, page {result['page']}: {JOINED_UP}")
            else:
                self.stdout.write(f"{result['file']}: {_sentence(result)}")


def _results(files: list[Path], model: LoadedModel, kind: str, *, with_lexicon: bool) -> list[dict[str, Any]]:
    """What each file, or each page of one, is read as."""
    if kind == "page":
        return [page for path in files for page in read_pages(path, model, with_lexicon=with_lexicon)]
    if kind == "word":
        return [_read(path, lambda data: _word(data, model, with_lexicon=with_lexicon)) for path in files]
    return [_read(path, lambda data: _as_dict(recognize_picture(data, model))) for path in files]


def _sentence(result: dict[str, Any]) -> str:
    if "text" in result:
        unsure = [letter["letter"] for letter in result["letters"] if letter["refused"]]
        return f"{result['text']}" + (f"   (looks like no letter: {' '.join(unsure)})" if unsure else "")
    if result["refused"]:
        nearest = " or ".join(guess["letter"] for guess in result["best"][:2])
        return f"this does not look like a letter (nearest: {nearest})"
    best = "  ".join(f"{guess['letter']} {guess['probability']:.1%}" for guess in result["best"])
    twin = f" or the digit {result['twin']}" if result["twin"] else ""
    return f"{result['letter']}{twin}   ({best})"


def _read(path: Path, read: Callable[[bytes], dict[str, Any]]) -> dict[str, Any]:
    try:
        return {"file": str(path)} | read(path.read_bytes())
    except OSError as error:
        return {"file": str(path), "error": error.strerror or "cannot be read"}
    except (PictureError, InkError, CatalogueError) as error:
        return {"file": str(path), "error": str(error)}


def _word(data: bytes, model: LoadedModel, *, with_lexicon: bool) -> dict[str, Any]:
    reading = read_picture(data, with_lexicon=with_lexicon, model=model)
    letters = reading.word.letters
    milliseconds = {"milliseconds": round(reading.milliseconds, 3)}
    return word_members(reading.word) | {"refused": any(letter.refused for letter in letters)} | milliseconds


def _as_dict(reading: Reading) -> dict[str, Any]:
    best = [{"letter": letter, "probability": round(probability, 6)} for letter, probability in reading.best]
    return {
        "letter": reading.letter,
        "best": best,
        "refused": reading.refused,
        "twin": reading.twin or None,
        "milliseconds": round(reading.milliseconds, 3),
    }
