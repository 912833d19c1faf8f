"""Public pages of data sets and of imports."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from training.datasets import averages, sheets
from training.datasets.balance import balance_of
from training.datasets.charts import counts_chart, letter_rows, split_name
from training.datasets.models import Dataset, DatasetImport
from training.datasets.splitting import Split
from training.jobs import lifecycle
from training.jobs.models import FINISHED

STOP_POLLING = 286
DATASETS_ON_A_PAGE = 50
SKIPPED_SHOWN = 100
_SECTION = {"section": "datasets"}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All data sets, newest first, and the imports that are not done yet."""
    page = Paginator(Dataset.objects.all(), DATASETS_ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [(dataset, [dataset.size(split) for split in Split]) for dataset in page]
    imports = DatasetImport.objects.exclude(state__in=FINISHED)
    context = {"page": page, "rows": rows, "splits": _split_names(), "imports": imports, **_SECTION}
    return render(request, "datasets/index.html", context)


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One data set: counts, samples, where it comes from, the report of its import."""
    dataset = get_object_or_404(Dataset.objects.select_related("parent"), pk=pk)
    rows = letter_rows(dataset)
    context = {
        "dataset": dataset,
        "report": dataset.report,
        "chart": counts_chart(dataset),
        "rows": rows,
        "splits": _split_names(),
        "sizes": [(split_name(split), dataset.size(split)) for split in Split],
        "sheet": {"width": sheets.COLUMNS * sheets.CELL, "height": len(rows) * sheets.CELL, "cell": sheets.CELL},
        "skipped": dataset.report["skipped_list"][:SKIPPED_SHOWN],
        "files": dataset.inputs_files.all(),
        "averages_width": len(rows) * averages.SIDE,
        "balance": balance_of(dataset),
        "versions": dataset.versions.all(),
        **_SECTION,
    }
    return render(request, "datasets/detail.html", context)


@require_safe
def sheet(request: HttpRequest, pk: int) -> FileResponse:
    """The contact sheet. It never changes, so the browser may keep it."""
    dataset = get_object_or_404(Dataset, pk=pk)
    try:
        response = FileResponse((dataset.folder / sheets.SHEET).open("rb"), content_type="image/png")
    except FileNotFoundError:
        raise Http404(_("The contact sheet of this data set is missing.")) from None
    patch_cache_control(response, public=True, max_age=31_536_000, immutable=True)
    return response


@require_safe
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One import: how far it is, what came of it."""
    return render(request, "datasets/import.html", _import_context(pk))


@require_safe
def import_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of an import's page that changes while it runs."""
    context = _import_context(pk)
    status = STOP_POLLING if context["job"].is_finished else 200
    return render(request, "datasets/import_progress.html", context, status=status)


@require_POST
@permission_required("datasets.change_datasetimport", raise_exception=True)
def import_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop an import; nothing of it is kept."""
    job = get_object_or_404(DatasetImport, pk=pk)
    if not lifecycle.request_cancel(job):
        messages.info(request, _("It has ended already."))
    return redirect("datasets:import", pk=pk)


def _import_context(pk: int) -> dict[str, Any]:
    job = get_object_or_404(DatasetImport.objects.select_related("dataset"), pk=pk)
    return {"job": job, **_SECTION}


def _split_names() -> list[str]:
    return [split_name(split) for split in Split]
