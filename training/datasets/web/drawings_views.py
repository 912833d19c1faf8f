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
    return _page(request, _published())


@require_safe
def archive(request: HttpRequest) -> HttpResponse | FileResponse:
    """Send it; the page, which says why not, while it is being made again (503)."""
    published = _published()
    if published.outdated:
        return _page(request, published, status=503)
    try:
        file = here(published.path).open("rb")
    except FileNotFoundError:
        raise Http404(_("The archive of drawings is missing.")) from None
    return FileResponse(file, as_attachment=True, filename=str(published), content_type="application/zip")


def _page(request: HttpRequest, published: PublishedDrawings, *, status: int = 200) -> HttpResponse:
    context = {"published": published, "section": "datasets"}
    return render(request, "datasets/drawings.html", context, status=status)


def _published() -> PublishedDrawings:
    published = PublishedDrawings.objects.first()
    if published is None:
        raise Http404(_("No drawings are published here."))
    return published
