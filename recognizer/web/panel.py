"""The panel “What the network saw”, which the draw page fetches when somebody opens it.

Its address carries its language and the hash of its content: so it is kept, and belongs to one release of the page.
"""

import hashlib
from functools import lru_cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

TEMPLATE = "recognizer/saw.html"
DIGEST = 12  # characters, as in the names of static files
SOURCES = {
    "integrated": "https://arxiv.org/abs/1703.01365",
    "deepfool": "https://arxiv.org/abs/1511.04599",
}


@require_safe
def fragment(request: HttpRequest, language: str, digest: str) -> HttpResponse:
    """Send the panel in a language; one of another release is not there."""
    if not translation.check_for_language(language) or digest != _digest(language):
        raise Http404
    return HttpResponse(content(language), headers={"Cache-Control": "public, max-age=31536000, immutable"})


def address(language: str | None = None) -> str:
    """Address of the panel in a language, or in the one of the page that is being made."""
    wanted = language or translation.get_language() or "en"
    return reverse("recognizer:saw", args=[wanted, _digest(wanted)])


@lru_cache(maxsize=8)
def content(language: str) -> str:
    """The panel in a language."""
    with translation.override(language):
        return render_to_string(TEMPLATE, {"texts": _texts(), "sources": SOURCES})


def _digest(language: str) -> str:
    return hashlib.sha256(content(language).encode()).hexdigest()[:DIGEST]


def _texts() -> dict[str, Any]:
    """What static/js/saw/ says, in the panel's language; a word in braces is filled in there."""
    return {
        "empty": _("Write a letter on the sheet: what the network makes of it is shown here."),
        "other_model": _("Another model is in service by now. Reload the page to see what it saw."),
        "unavailable": _("The network is not on this device, so what it saw cannot be shown."),
        "corrected": _("Read as {letter}, as you corrected it; the network itself says {own}."),
        "layer": _("Layer {number}: {count} neurons"),
        "neuron": _("neuron {number}: {value}"),
        "active": _("{active} are active, the strongest at {largest}"),
        "output": _("{letter}, {percent}"),
        "why": _("Why {letter}?"),
        "why_not": _("Why not {letter}?"),
        "speaks": _("{pro} speaks for it, most of that {where_pro}; {contra} against it, most {where_contra}."),
        "adds": _("Blank paper {blank}, ink for it {gained}, ink against it {lost}: {odds} in all."),
        "places": [
            _("at the top left"), _("at the top"), _("at the top right"),
            _("at the left"), _("in the middle"), _("at the right"),
            _("at the bottom left"), _("at the bottom"), _("at the bottom right"),
        ],
        "searching": _("Looking for it…"),
        "before": _("As you drew it: {letter}"),
        "change": _("The change"),
        "after": _("Changed: {letter}, {percent}"),
        "size": _("It becomes {letter}: {pixels} of 784 pixels change, none by more than {most} of 255 shades; "
                  "together {share} of the ink."),
        "none": _("No small change was found that makes {letter} of it."),
        "none_at_all": _("No small change was found that makes another letter of it."),
        "looking": _("Looking among the training pictures…"),
        "nearest": _("Of {total} training pictures, those that the network finds most alike."),
        "gone_through": _("The most alike so far: {searched} of {total} training pictures compared."),
        "none_here": _("The pictures that this network learned from are not on this server."),
        "one": _("{letter}, distance {distance}, from “{dataset}”"),
        "offline": _("The training pictures are on the server, which cannot be reached."),
    }  # fmt: skip
