"""What the wide sheet of the draw page needs: its texts, and the file of the lexicon."""

import hashlib
from functools import lru_cache
from typing import Any

from django.http import FileResponse, Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from recognizer.core.words.lexicon import FILE
from recognizer.core.words.reader import LONGEST_WORD

DIGEST = 12  # characters, as in the names of static files


@require_safe
def lexicon(request: HttpRequest, digest: str) -> FileResponse:
    """Send the lexicon to a page that reads with it; its address is its content's, so that it is kept for ever."""
    if digest != _digest():
        raise Http404
    response = FileResponse(FILE.open("rb"), content_type="application/octet-stream")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def lexicon_address() -> str:
    """Where the lexicon is."""
    return reverse("recognizer:lexicon", args=[_digest()])


@lru_cache(maxsize=1)
def _digest() -> str:
    return hashlib.sha256(FILE.read_bytes()).hexdigest()[:DIGEST]


def texts() -> dict[str, Any]:
    """What static/js/words/ says, in the page's language; a word in braces is filled in there."""
    return {
        "letter": _("Letter {number}: {letter}, {certainty}"),
        "certainty": {
            "sure": _("{percent} sure"),
            "unsure": _("not sure, {percent}"),
            "refused": _("does not look like a letter"),
            "chosen": _("chosen by you"),
        },
        "sure_word": _("Every letter is read without doubt."),
        "doubted": _("Not sure of: {letters}. Tap a letter to change it."),
        "known": _("The dictionary has this word."),
        "unknown": _("The dictionary does not have this word; it is read as it is written."),
        "join": _("{first} and {second} are one letter: join them"),
        "choice": _("Letter {number} of {of}, read as {letter}. What is it?"),
        "here": _("{time} ms on this device"),
        "there": _("{time} ms in all, read at the server"),
        "no_dictionary": _("The dictionary could not be loaded; the word is read without it."),
        "refusals": {
            "empty": _("Nothing is drawn."),
            "dot": _("Only a dot is drawn, and no letter is one: draw a letter."),
            "scribble": _("The drawing is a scribble of too many long lines."),
            "too_much": _("This is too much to be one word of separate letters."),
            "too_long": _("A word has at most %(most)d letters.") % {"most": LONGEST_WORD},
            "bad": _("This cannot be read. Take the last stroke back or clear the sheet."),
        },
    }
