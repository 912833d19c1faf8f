"""A few pictures of the first, a middle and the last letter of an archive: were its labels understood?"""

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from recognizer import pictures
from recognizer.core.ink.pictures import to_greys
from training.datasets.layouts import Plan

EACH = 4
"""Pictures of a letter that are shown."""
SIDE = 64
"""Their longest side, px."""


@dataclass(frozen=True)
class LetterSamples:
    """Pictures of one letter, as addresses that hold the picture itself (`data:`)."""

    letter: str
    pictures: Sequence[str]


def samples_of(plan: Plan) -> tuple[LetterSamples, ...]:
    """Read the first pictures of the first, the middle and the last letter of a plan, without what cannot be read."""
    labels = sorted({place.label for place in plan.places.values()})
    shown = sorted({labels[0], labels[len(labels) // 2], labels[-1]}) if labels else []
    names: dict[int, list[str]] = {label: [] for label in shown}
    for name, place in plan.places.items():
        if place.label in names and len(names[place.label]) < EACH:
            names[place.label].append(name)
    read = _read(plan, {name for some in names.values() for name in some})
    return tuple(
        LetterSamples(plan.letters[label], [read[name] for name in some if name in read])
        for label, some in names.items()
    )


def _read(plan: Plan, left: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for content in plan.archive.read(left.__contains__):
        left.discard(content.name)
        if address := _address(content.data):
            found[content.name] = address
        if not left:
            break
    return found


def _address(data: bytes) -> str:
    try:
        pixels = pictures.decode(data)
    except pictures.PictureError:
        return ""
    picture = Image.fromarray(to_greys(pixels[np.newaxis])[0])
    picture.thumbnail((SIDE, SIDE))
    file = io.BytesIO()
    picture.save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
