"""Pages: the sheet to draw on, and the catalogue of models."""

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from recognizer import catalog
from recognizer.api import RATE
from recognizer.catalog import CatalogError
from recognizer.core.ink import InkError
from recognizer.models import StoredModel
from recognizer.pictures import PictureError
from recognizer.presentation import card_sections, show_reading
from recognizer.recognition import BEST, recognize_picture

SURE = 0.6  # a probability below it is shown as a doubt
MODELS_ON_A_PAGE = 50


def _texts() -> dict[str, Any]:
    """What static/js/draw.js says, in the page's language; a word in braces is filled in there."""
    return {
        "sure_from": SURE,
        "sure": _("{percent} sure"),
        "unsure": _("Not sure: {first} or {second}?"),
        "unreachable": _("The server cannot be reached. Your drawing is kept; draw on or try again."),
        "refused": _("The server could not read this. Your drawing is kept; try again."),
        "kept": _("Kept as {letter}. Thank you!"),
        "not_kept": _("The drawing was not kept; try again."),
        "too_often": _("Too many readings from your address. Wait a little."),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def draw(request: HttpRequest) -> HttpResponse:
    """Show the sheet; a picture that is posted (by a browser without JavaScript) is read here."""
    context: dict[str, Any] = {
        "texts": _texts(),
        "best_rows": range(BEST),
        "reading": None,
        "error": "",
        "section": "draw",
        "ink": _ink_in_service(),
    }
    status = 200
    if request.method == "POST":
        status, context["reading"], context["error"] = _read_posted(request)
    return render(request, "recognizer/draw.html", context, status=status)


def _ink_in_service() -> str:
    """Name of the ink specification of the model in service, so that the page can make inputs too; "" for no model."""
    try:
        return catalog.active().ink.name
    except CatalogError:
        return ""


def _read_posted(request: HttpRequest) -> tuple[int, dict[str, Any] | None, str]:
    """Read the posted picture: (status, reading, error)."""
    if not all(throttle.allow_request(request) for throttle in RATE):
        return 429, None, _("Too many readings from your address. Wait a little.")
    file = request.FILES.get("image")
    if not isinstance(file, UploadedFile):
        return 400, None, _("Choose a picture first.")
    limit = settings.PROPIS_LIMITS["picture_bytes"]
    if (file.size or 0) > limit:
        return 413, None, _("The picture is larger than %(limit)d MB.") % {"limit": limit // 2**20}
    try:
        return 200, show_reading(recognize_picture(file.read()), sure_from=SURE), ""
    except PictureError as error:
        return 415, None, str(error)
    except InkError as error:
        return 422, None, str(error)
    except CatalogError as error:
        return 503, None, str(error)


@require_safe
def models_index(request: HttpRequest) -> HttpResponse:
    """All models, the one in service first."""
    models = StoredModel.objects.order_by("-is_active", "-created_at", "-pk")
    page = Paginator(models, MODELS_ON_A_PAGE).get_page(request.GET.get("page"))
    data_sets = sorted({name for model in page for name in model.accuracy})
    best = {name: max(model.accuracy.get(name, -1.0) for model in page) for name in data_sets}
    rows = [(model, [(share := model.accuracy.get(name), share == best[name]) for name in data_sets]) for model in page]
    context = {"page": page, "rows": rows, "data_sets": data_sets, "section": "models"}
    return render(request, "recognizer/model_list.html", context)


@require_safe
def model_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One model and its card."""
    model = get_object_or_404(StoredModel.objects.select_related("parent"), pk=pk)
    context = {
        "model": model,
        "section": "models",
        "activations": model.activations.select_related("by")[:10],
        "children": model.children.all(),
        **card_sections(model),
    }
    return render(request, "recognizer/model_detail.html", context)


@require_safe
def model_download(request: HttpRequest, pk: int) -> FileResponse:
    """Send a model's file."""
    model = get_object_or_404(StoredModel, pk=pk)
    try:
        file = catalog.file_of(model).open("rb")
    except FileNotFoundError:
        raise Http404(_("The file of this model is missing.")) from None
    name = slugify(model.name, allow_unicode=True) or f"model-{model.pk}"
    return FileResponse(file, as_attachment=True, filename=f"{name}.npz")
