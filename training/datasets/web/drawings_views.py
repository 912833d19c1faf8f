"""Donated drawings that are published: the page that describes them, and their archive."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from recognizer.filestore.places import here
from training.datasets.models import PublishedDrawings


@require_safe
def drawings(request: HttpRequest) -> HttpResponse:
    """Say what the archive holds and under which licence it is."""
    return render(request, "datasets/drawings.html", {"published": _published(), "section": "datasets"})


@require_safe
def archive(request: HttpRequest) -> FileResponse:
    """Send it."""
    published = _published()
    try:
        file = here(published.path).open("rb")
    except FileNotFoundError:
        raise Http404(_("The archive of drawings is missing.")) from None
    return FileResponse(file, as_attachment=True, filename=str(published), content_type="application/zip")


def _published() -> PublishedDrawings:
    published = PublishedDrawings.objects.first()
    if published is None:
        raise Http404(_("No drawings are published here."))
    return published
