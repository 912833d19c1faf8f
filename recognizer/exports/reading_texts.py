"""What a page says of a reading, for static/js/draw/reading.js; a word in braces is filled in there."""

from typing import Any

from recognizer.messages import gettext as _

SURE = 0.6
"""A probability below it is shown as a doubt."""


def reading_texts() -> dict[str, Any]:
    """The texts in the present language."""
    return {
        "sure_from": SURE,
        "sure": _("{percent} sure"),
        "sure_with_twin": _("{percent} sure, or the digit {digit}"),
        "unsure": _("Not sure: {first} or {second}?"),
        "refused": _("This does not look like a letter. Nearest: {first} or {second}."),
        "growing": _("Reading as you write…"),
        "full": _("The sheet is full: 10,000 points or 1,000 strokes. Take a stroke back or clear it."),
    }
