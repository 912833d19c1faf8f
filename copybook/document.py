"""The published document: every letter as JSON, described by a JSON Schema beside it."""

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from copybook.alphabets import ALPHABETS, Alphabet, TaughtLetter, letters
from copybook.names import NAMES
from copybook.paths import paths

FOLDER = Path(__file__).parent
FILE = FOLDER / "letters.json"
"""Made by `manage.py write_copybook` from the tables, so that the page needs no splines; a test holds it to them."""
SCHEMA = FOLDER / "letters.schema.json"
VERSION = 1


@lru_cache(maxsize=1)
def digest() -> str:
    """Return a digest of the published file."""
    return hashlib.sha256(FILE.read_bytes()).hexdigest()[:16]


def text() -> str:
    """Return the document as it is published."""
    return json.dumps(document(), ensure_ascii=False, separators=(",", ":")) + "\n"


def document() -> dict[str, Any]:
    """Return the document."""
    return {"version": VERSION, "alphabets": {each.name: _alphabet(each) for each in ALPHABETS}}


def _alphabet(alphabet: Alphabet) -> dict[str, Any]:
    mine = [each for each in letters() if each.alphabet == alphabet.name]
    return {
        "slant": alphabet.slant,
        "small": alphabet.is_small,
        "letters": {each.letter: _letter(each) for each in mine},
    }


def _letter(taught: TaughtLetter) -> list[dict[str, Any]]:
    """The elements of a letter in the order of writing."""
    written = zip(taught.elements, paths(taught), strict=True)
    return [
        {
            "id": element.name,
            "name": dict(zip(("en", "ru"), NAMES[element.name], strict=True)),
            "joined": element.joined,
            "path": [[round(x, 1), round(y, 1)] for x, y in path.tolist()],
        }
        for element, path in written
    ]
