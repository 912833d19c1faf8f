"""The page that teaches writing, and what it teaches as JSON."""

from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_response_headers
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import condition, require_safe

from copybook.document import FILE, SCHEMA, digest
from recognizer.web.draw_page import model_in_service

DAY = 24 * 3600


def _texts() -> dict[str, str]:
    """What static/js/copybook/ says, in the page's language; a word in braces is filled in there."""
    return {
        "right": _("Right: {letter}, {percent} close to the model."),
        "missing": _("Missing: {element} of {letter}."),
        "misplaced": _("Out of place: {element} of {letter}."),
        "unlike": _("This does not look like {letter} yet. Watch how it is written and try again."),
        "empty": _("Nothing is written yet."),
        "order": _("At school the order is another one: {elements}."),
        "reads_it": _("The network reads {read}, too ({percent})."),
        "reads_other": _("The network reads {read} ({percent})."),
        "reads_none": _("The network does not take it for a letter."),
        "reads_nothing": _("The network could not be asked: {why}"),
        "traced": _("traced"),
        "from_memory": _("from memory"),
        "known": _("{count} of {all} letters written from memory"),
        "failed": _("The letters could not be loaded."),
        "unreachable": _("The server cannot be reached."),
        "offline": _("You are offline, and this needs the server."),
        "unread": _("The server could not read this."),
        "too_often": _("Too many requests; wait a little."),
        "sheet": _("Sheet to write {letter} on"),
        "play": _("Show how"),
        "pause": _("Pause"),
        "go_on": _("Go on"),
    }


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show the copybook."""
    context = {"texts": _texts(), "model": model_in_service(), "section": "copybook"}
    return render(request, "copybook/index.html", context)


def _tag(_request: HttpRequest) -> str:
    return f'"{digest()}"'


@require_safe
@gzip_page
@condition(etag_func=_tag)
def letters(_request: HttpRequest) -> HttpResponse:
    """Send how each letter is written."""
    return _file(FILE, "application/json")


@require_safe
def schema(_request: HttpRequest) -> HttpResponse:
    """Send the JSON Schema of `letters`."""
    return _file(SCHEMA, "application/schema+json")


def _file(path: Path, kind: str) -> HttpResponse:
    response = HttpResponse(path.read_bytes(), content_type=kind)
    response["Access-Control-Allow-Origin"] = "*"
    patch_response_headers(response, DAY)
    return response
