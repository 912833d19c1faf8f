"""The page on which a photograph of a page is read, shown and corrected."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from recognizer import active_model
from recognizer.core.alphabet import RUSSIAN
from recognizer.exports.reading_texts import SURE
from recognizer.loading import CatalogueError
from recognizer.pages import extra
from recognizer.web import limits
from recognizer.web.errors import REFUSALS, status_of
from recognizer.web.page_reading import read_page_file
from recognizer.web.posted import NoPictureError, posted_bytes


@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: HttpRequest) -> HttpResponse:
    """Ask for a photograph; one that is posted (by a browser without JavaScript) is read here."""
    status, page, error = 200, None, ""
    if request.method == "POST":
        status, page, error = _read_posted(request)
    context = {
        "section": "draw",
        "texts": _texts(),
        "page": page,
        "error": error,
        "is_there": extra.is_there(),
        "megabytes": settings.PROPIS_LIMITS["page_bytes"] // 2**20,
    }
    return render(request, "recognizer/paper.html", context, status=status)


def _read_posted(request: HttpRequest) -> tuple[int, dict[str, Any] | None, str]:
    """Read the posted page: (status, reading, error)."""
    try:
        data = posted_bytes(request, settings.PROPIS_LIMITS["page_bytes"])
        limits.check(request, limits.PAGE_RATE)
        return 200, read_page_file(data), ""
    except NoPictureError:
        return 400, None, _("Choose a picture first.")
    except REFUSALS as error:
        return status_of(error), None, str(error)


def _texts() -> dict[str, Any]:
    """What static/js/paper.js says; a word in braces is filled in there."""
    return {
        "sure_from": SURE,
        "letters": _letters(),
        "reading": _("Reading…"),
        "found": _("Letters: {count}. Doubtful: {doubtful}. Tap a letter to correct it."),
        "copied": _("Copied."),
        "not_copied": _("Your browser does not let this page copy: the text is selected, copy it yourself."),
        "unreachable": _("The server cannot be reached. Try again."),
        "offline": _("You are offline, and this needs the server. Try again when you are connected."),
        "unread": _("The server could not read this. Try another photograph."),
        "too_often": limits.too_many(),
        "letter": _("{letter}, {percent} sure"),
        "doubtful": _("{letter}, doubtful"),
        "corrected": _("{letter}, corrected"),
        "removed": _("{letter}, removed"),
    }


def _letters() -> str:
    """The letters that one may correct to."""
    try:
        return active_model.get().letters
    except CatalogueError:
        return RUSSIAN
