"""Drawings that people donate: kept with their consent, deleted by a code that only the donor has."""

import hashlib
import secrets
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.dispatch import Signal
from django.utils.crypto import constant_time_compare, salted_hmac

from recognizer import active_model
from recognizer.core.ink import Strokes
from recognizer.messages import gettext as _
from recognizer.models import Drawing, Licence, Review
from recognizer.recognition import recognize_strokes

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 signs of a code, none of which is taken for another: no 0 and O, no 1 and I."""
GROUPS, GROUP = 4, 4
RANDOM_SIGNS = 10
"""A code is four groups of four signs: 50 random bits, then 30 that only this site can compute from them. So it cannot
be guessed, its plain hash keeps it secret, and a code that somebody else has made up is known for one."""


accepted_changed = Signal()
"""Sent when what was decided of accepted drawings is changed: copies of them may have to go."""


class DonationError(ValueError):
    """A drawing that is not taken; the message is a sentence for the person who drew it."""


class TooManyDonationsError(DonationError):
    """As many drawings wait for a review as are kept."""


def keep(strokes: Strokes, letter: str, code: str = "", licence: str = Licence.NONE) -> tuple[Drawing, str]:
    """Keep a drawing; return it and its deletion code, a new one where none is given.

    Without a licence it is for this site's own networks alone and never published.

    Raises:
        DonationError: no such letter, or a code that was not given out here.
        TooManyDonationsError: too many wait already.
        recognizer.core.ink.InkError: no drawing.
        recognizer.loading.CatalogueError: there is no model to read it.

    """
    code = checked_code(code) if code else new_code()
    if not _is_ours(code):
        raise DonationError(_("This deletion code was not given out here; without one you get a new one."))
    if letter not in tuple(active_model.get().letters):
        raise DonationError(_("Choose the letter that you have drawn."))
    if Drawing.objects.filter(state=Review.PENDING).count() >= settings.PROPIS_LIMITS["drawings_waiting"]:
        raise TooManyDonationsError(
            _("Many drawings are waiting to be reviewed, so no more are accepted for now. Thank you all the same.")
        )
    reading = recognize_strokes(strokes)
    drawing = Drawing.objects.create(
        strokes=_rounded(strokes),
        claimed=letter,
        letter=letter,
        predicted=reading.letter,
        best=[[guess, round(probability, 6)] for guess, probability in reading.best],
        ink_specification=reading.model.ink.name,
        model_name=reading.model.name,
        model_sha256=reading.model.network.weights_sha256(),
        code_sha256=_hash(code),
        licence=licence,
    )
    return drawing, code


def delete(code: str, only: int | None = None) -> tuple[int, list[str]]:
    """Delete all drawings of a code at once; return how many there were, and the versions that hold a copy of some.

    Args:
        code: the deletion code.
        only: the key of the one drawing of this code that is to go; None for all of them.

    Raises:
        DonationError: it is not a code.

    """
    mine = Drawing.objects.filter(code_sha256=_hash(checked_code(code)))
    mine = mine if only is None else mine.filter(pk=only)
    versions = {name for names in mine.values_list("versions", flat=True) for name in names}
    count, _by_model = mine.delete()
    return count, sorted(versions)


def decide(drawings: QuerySet[Drawing], **changed: Any) -> int:
    """Change what was decided of drawings; return how many there were."""
    were_accepted = drawings.filter(state=Review.ACCEPTED).exists()
    count = drawings.update(**changed)
    if were_accepted:
        accepted_changed.send(sender=Drawing)
    return count


def new_code() -> str:
    """Generate a code, such as `K7QM-2XPA-9RTC-HW4E`."""
    signs = "".join(secrets.choice(ALPHABET) for _sign in range(RANDOM_SIGNS))
    return _grouped(signs + _proof(signs))


def checked_code(text: str) -> str:
    """Return a code in its canonical form: hyphens, spaces and case do not matter.

    Raises:
        DonationError: it is not a code.

    """
    signs = "".join(text.upper().replace("-", " ").split())
    if len(signs) != GROUPS * GROUP or not set(signs) <= set(ALPHABET):
        raise DonationError(_("This is not a deletion code; one looks like K7QM-2XPA-9RTC-HW4E."))
    return _grouped(signs)


def _is_ours(code: str) -> bool:
    """Whether it was given out here: as its end shows, or drawings do that were kept under another secret key."""
    signs = code.replace("-", "")
    proven = constant_time_compare(_proof(signs[:RANDOM_SIGNS]), signs[RANDOM_SIGNS:])
    return proven or Drawing.objects.filter(code_sha256=_hash(code)).exists()


def _proof(signs: str) -> str:
    """The signs after the random ones."""
    digest = salted_hmac("recognizer.donations", signs, algorithm="sha256").digest()
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[: GROUPS * GROUP - RANDOM_SIGNS])


def _grouped(signs: str) -> str:
    return "-".join(signs[start : start + GROUP] for start in range(0, len(signs), GROUP))


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def _rounded(strokes: Strokes) -> list[list[list[float]]]:
    """The strokes in hundredths, as the page sends them; what is finer takes room and says nothing."""
    return [[[round(float(value), 2) for value in point] for point in stroke] for stroke in strokes]
