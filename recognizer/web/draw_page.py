"""What the draw page is made of: its texts, and the model that it reads with."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from recognizer import active_model
from recognizer.exports.reading_texts import reading_texts
from recognizer.loading import CatalogueError
from recognizer.recognition import BEST
from recognizer.web import limits, panel, words_page

SHOWN_ACCURACIES = 2
"""Data sets whose accuracy stands below the sheet."""


def draw_context() -> dict[str, Any]:
    """Fill templates/recognizer/draw.html for a visitor who has drawn nothing yet."""
    return {
        "texts": _texts(),
        "best_rows": range(BEST),
        "reading": None,
        "error": "",
        "section": "draw",
        "model": model_in_service(),
        "panel_url": panel.address(),
        "word_texts": words_page.texts(),
        "lexicon_url": words_page.lexicon_address(),
    }


def _texts() -> dict[str, Any]:
    """What static/js/draw.js says, in the page's language; a word in braces is filled in there."""
    return {
        **reading_texts(),
        "offline": _(
            "You are offline, and this needs the server. Your drawing is kept; try again when you are connected."
        ),
        "unreachable": _("The server cannot be reached. Your drawing is kept; draw on or try again."),
        "unread": _("The server could not read this. Your drawing is kept; try again."),
        "learnt": _("Noted: {letter}. From now on, letters like it are read this way on this device."),
        "noted": _("Noted: {letter}. It counts as soon as this page reads by itself."),
        "kept": _("Kept as {letter}. Thank you!"),
        "taken_back": _("Taken back: the drawing is deleted."),
        "not_taken_back": _("The drawing was not taken back; try again."),
        "not_kept": _("The drawing was not kept; try again."),
        "too_often": limits.too_many(),
    }


def model_in_service() -> dict[str, Any]:
    """What the page must know of the model in service to read with it; nothing where no model can be had."""
    try:
        model = active_model.get()
    except CatalogueError:
        return {"ink": ""}
    return {
        "id": model.pk,
        "name": model.name,
        "url": reverse("recognizer:detail", args=[model.pk]) if model.pk else None,
        "ink": model.ink.name,
        "sha256": model.sha256,
        "file": reverse("recognizer:weights", args=[model.sha256]) if model.sha256 else None,
        "accuracy": sorted(model.card.accuracy.items())[:SHOWN_ACCURACIES],
    }
