"""The pictures that a run's network misread, and its first layer."""

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from training.runs.models import Run
from training.runs.web.presentation import shown_pictures
from training.runs.worker import artifacts

PICTURES_ON_A_PAGE = 120
YEAR = 365 * 24 * 3600


@require_safe
def misread(request: HttpRequest, pk: int) -> HttpResponse:
    """Misread pictures, the surest mistakes first: all, or those of a letter `written`, or `read` as a letter."""
    run = get_object_or_404(Run, pk=pk)
    misread_pictures = artifacts.read(run)
    if misread_pictures is None:
        raise Http404(_("This run left no pictures."))
    wanted = {name: run.letters.find(request.GET[name]) for name in ("written", "read") if request.GET.get(name)}
    fitting = [
        placed
        for placed in misread_pictures.placed()
        if all(getattr(placed[0], name) == place for name, place in wanted.items())
    ]
    page = Paginator(fitting, PICTURES_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "runs",
        "run": run,
        "page": page,
        "pictures": shown_pictures(run, misread_pictures, list(page)),
        "kept": len(misread_pictures.items),
        "written": request.GET.get("written", "")[:1],
        "read": request.GET.get("read", "")[:1],
        "query": "".join(f"{name}={run.letters[place]}&" for name, place in wanted.items() if place >= 0),
    }
    return render(request, "runs/misread.html", context)


@require_safe
def picture(request: HttpRequest, pk: int, name: str) -> FileResponse:
    """One of the pictures. Its address names the weights, so the browser may keep it."""
    try:
        response = FileResponse(artifacts.file_of(pk, f"{name}.png").open("rb"), content_type="image/png")
    except FileNotFoundError:
        raise Http404(_("This run left no pictures.")) from None
    patch_cache_control(response, public=True, max_age=YEAR, immutable=True)
    return response
