"""Drawings that people give: kept with consent, deleted by a code that only the giver has."""

import hashlib
import secrets
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from recognizer import catalog
from recognizer.core.ink import Strokes
from recognizer.models import Drawing, Review
from recognizer.recognition import recognize_strokes

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 signs of a code, none of which is taken for another: no 0 and O, no 1 and I."""
GROUPS, GROUP = 4, 4
"""A code is four groups of four signs, 80 random bits: it cannot be guessed, so its plain hash keeps it secret."""


class GivingError(ValueError):
    """A drawing that is not taken; the message is a sentence for its giver."""


class FullError(GivingError):
    """More drawings wait for a review than are kept."""


def keep(strokes: Strokes, letter: str, code: str = "") -> tuple[Drawing, str]:
    """Keep a drawing; return it and its deletion code, a new one where none is given.

    Raises:
        GivingError: no such letter, or no such code.
        FullError: too many wait already.
        recognizer.core.ink.InkError: no drawing.
        recognizer.catalog.CatalogError: there is no model to read it.

    """
    code = checked_code(code) if code else new_code()
    if letter not in tuple(catalog.active().letters):
        raise GivingError(_("Choose the letter that you have drawn."))
    if Drawing.objects.filter(state=Review.PENDING).count() >= settings.PROPIS_LIMITS["drawings_waiting"]:
        raise FullError(_("Many drawings wait to be looked at; none are taken for a while. Thank you all the same."))
    reading = recognize_strokes(strokes)
    drawing = Drawing.objects.create(
        strokes=_rounded(strokes),
        said=letter,
        letter=letter,
        read=reading.letter,
        best=[[guess, round(probability, 6)] for guess, probability in reading.best],
        ink_specification=reading.model.ink.name,
        model_name=reading.model.name,
        model_sha256=reading.model.network.weights_sha256(),
        code_sha256=_hash(code),
    )
    return drawing, code


def delete(code: str) -> tuple[int, list[str]]:
    """Delete all drawings of a code at once; return how many there were, and the versions that hold a copy of some.

    Raises:
        GivingError: it is no code.

    """
    mine = Drawing.objects.filter(code_sha256=_hash(checked_code(code)))
    versions = {name for names in mine.values_list("versions", flat=True) for name in names}
    count, _by_model = mine.delete()
    return count, sorted(versions)


def new_code() -> str:
    """Make up a code, such as `K7QM-2XPA-9RTC-HW4E`."""
    signs = "".join(secrets.choice(ALPHABET) for _sign in range(GROUPS * GROUP))
    return _grouped(signs)


def checked_code(text: str) -> str:
    """Return a code as we write it: hyphens, spaces and case do not matter.

    Raises:
        GivingError: it is none.

    """
    signs = "".join(text.upper().replace("-", " ").split())
    if len(signs) != GROUPS * GROUP or not set(signs) <= set(ALPHABET):
        raise GivingError(_("This is not a deletion code; one looks like K7QM-2XPA-9RTC-HW4E."))
    return _grouped(signs)


def _grouped(signs: str) -> str:
    return "-".join(signs[start : start + GROUP] for start in range(0, len(signs), GROUP))


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def _rounded(strokes: Strokes) -> list[list[list[float]]]:
    """The strokes in hundredths, as the page sends them; what is finer takes room and says nothing."""
    return [[[round(float(value), 2) for value in point] for point in stroke] for stroke in strokes]


def shown(drawing: Drawing) -> dict[str, Any]:
    """What the exports say of a drawing; nothing that would tell who gave it, its code's hash least of all."""
    return {
        "id": drawing.pk,
        "name": drawing.letter,
        "said": drawing.said,
        "read": drawing.read,
        "best": drawing.best,
        "model": drawing.model_name,
        "model_sha256": drawing.model_sha256,
        "ink_specification": drawing.ink_specification,
        "given": drawing.consented_at.isoformat(timespec="seconds"),
        "state": drawing.state,
        "points": [
            {"stroke": number, "x": point[0], "y": point[1], **({"t": point[2]} if len(point) > 2 else {})}
            for number, stroke in enumerate(drawing.strokes)
            for point in stroke
        ],
    }
