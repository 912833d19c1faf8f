"""A page's reading as the API and the command line give it."""

import base64
import io
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from recognizer.pages.reader import PageLetter, PageReading, box_of

PREVIEW_SIDE = 1600


def page_answer(page: PageReading) -> dict[str, Any]:
    """Everything that a page is read as, for JSON; places are pixels of the original picture, a PDF's are points."""
    return {
        "text": page.text,
        "page": page.number,
        "width": round(page.width, 2),
        "height": round(page.height, 2),
        "turned": page.turned,
        "straightened_by": page.straightened_by,
        "joined_up": page.is_joined_up,
        "unread": [[round(each, 1) for each in box_of(corners)] for corners in page.unread],
        "letters": list(_letters(page)),
        "milliseconds": round(page.milliseconds, 1),
    }


def _letters(page: PageReading) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(page.lines):
        for letter in line:
            yield {"line": number, "space_before": letter.space_before, **_read(letter), **_place(letter)}


def _read(letter: PageLetter) -> dict[str, Any]:
    verdict = letter.verdict
    best = [{"letter": name, "probability": round(probability, 6)} for name, probability in verdict.best]
    return {"letter": letter.letter, "best": best, "refused": verdict.refused, "twin": verdict.twin or None}


def _place(letter: PageLetter) -> dict[str, Any]:
    corners = [[round(float(x), 1), round(float(y), 1)] for x, y in letter.corners]
    return {"box": [round(each, 1) for each in letter.box], "corners": corners}


def preview(greys: NDArray[np.uint8]) -> str:
    """A page as a JPEG in an address that holds it (`data:`), for browsers that cannot show the file itself."""
    picture, file = Image.fromarray(greys), io.BytesIO()
    picture.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
    picture.save(file, "JPEG", quality=80)
    return "data:image/jpeg;base64," + base64.b64encode(file.getvalue()).decode()
