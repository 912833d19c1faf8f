"""Pages: the sheet to draw on, and the catalogue of models."""

from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from recognizer import loading
from recognizer.exports.reading_texts import SURE
from recognizer.models import StoredModel
from recognizer.web import limits, terms
from recognizer.web.draw_page import draw_context
from recognizer.web.errors import REFUSALS, status_of
from recognizer.web.posted import NoPictureError, posted_file, read_posted
from recognizer.web.presentation import card_sections, show_reading

MOST_CHILDREN = 50


@require_http_methods(["GET", "HEAD", "POST"])
def draw(request: HttpRequest) -> HttpResponse:
    """Show the sheet; a picture that is posted (by a browser without JavaScript) is read here."""
    context = draw_context()
    status = 200
    if request.method == "POST":
        status, context["reading"], context["error"] = _read_posted(request)
    return render(request, "recognizer/draw.html", context, status=status)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What this is, what is kept about a visitor, licences."""
    return render(request, "recognizer/about.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is stored about a visitor, how long, and how it is deleted."""
    context = {"days": settings.AUDIT_DAYS, "contact": settings.PROPIS_CONTACT}
    return render(request, "recognizer/privacy.html", context)


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """The words that the pages explain."""
    return render(request, "recognizer/glossary.html", {"groups": terms.GROUPS, "section": "glossary"})


def _read_posted(request: HttpRequest) -> tuple[int, dict[str, Any] | None, str]:
    """Read the posted picture: (status, reading, error)."""
    try:
        data = posted_file(request)
        limits.check(request, limits.READING_RATE)
        return 200, show_reading(read_posted(request, data), sure_from=SURE), ""
    except NoPictureError:
        return 400, None, _("Choose a picture first.")
    except REFUSALS as error:
        return status_of(error), None, str(error)


@require_safe
def model_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One model and its card."""
    model = get_object_or_404(StoredModel.objects.select_related("parent"), pk=pk)
    context = {
        "model": model,
        "section": "models",
        "activations": model.activations.all()[:10],
        "children": model.children.all()[:MOST_CHILDREN],
        **card_sections(model),
    }
    return render(request, "recognizer/model_detail.html", context)


@require_safe
def model_download(request: HttpRequest, pk: int) -> FileResponse:
    """Send a model's file."""
    model = get_object_or_404(StoredModel, pk=pk)
    try:
        file = loading.file_of(model).open("rb")
    except FileNotFoundError:
        raise Http404(_("The file of this model is missing.")) from None
    name = slugify(model.name, allow_unicode=True) or f"model-{model.pk}"
    return FileResponse(file, as_attachment=True, filename=f"{name}.npz")


@require_safe
def model_weights(request: HttpRequest, sha256: str) -> FileResponse:
    """Send a model's file to a page that reads with it; its address is its content's, so that it is kept for ever."""
    path = loading.file_named(sha256)
    if path is None:
        raise Http404(_("The file of this model is missing."))
    response = FileResponse(path.open("rb"), content_type="application/octet-stream")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
