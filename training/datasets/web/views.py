"""Public pages of data sets and of imports."""

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.rights import needs
from recognizer.filestore.places import here
from training.datasets.content.notes import read_note
from training.datasets.content.splitting import Split
from training.datasets.imports.report import read_reason
from training.datasets.models import Dataset, DatasetImport, PublishedDrawings
from training.datasets.storage import contact_sheet
from training.datasets.web import average_letters, job_pages
from training.datasets.web.balance import balance_of
from training.datasets.web.charts import counted, counts_chart, letter_rows, split_name
from training.datasets.web.job_pages import JobPage
from training.jobs.models import FINISHED

DATASETS_ON_A_PAGE = 50
SKIPPED_SHOWN = 100
_SECTION = {"section": "datasets"}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All data sets, newest first, and the imports that are not done yet."""
    page = Paginator(Dataset.objects.all(), DATASETS_ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [(dataset, [dataset.size(split) for split in Split]) for dataset in page]
    imports = DatasetImport.objects.exclude(state__in=FINISHED)
    published = PublishedDrawings.objects.exists()
    context = {"page": page, "rows": rows, "splits": _split_names(), "imports": imports, "published": published}
    context |= _SECTION
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
        "sheet": {
            "width": contact_sheet.COLUMNS * contact_sheet.CELL,
            "height": len(rows) * contact_sheet.CELL,
            "cell": contact_sheet.CELL,
        },
        "skipped": [(name, read_reason(why)) for name, why in dataset.report["skipped_list"][:SKIPPED_SHOWN]],
        "skipped_by_reason": [(read_reason(why), count) for why, count in dataset.report["skipped_by_reason"].items()],
        "files": dataset.inputs_files.all(),
        "averages_width": len(rows) * average_letters.SIDE,
        "balance": balance_of(dataset),
        "counted": counted(rows),
        "notes": [note for stored in dataset.report.get("notes", []) if (note := read_note(stored))],
        "versions": dataset.versions.all(),
        **_SECTION,
    }
    return render(request, "datasets/detail.html", context)


@require_safe
def sheet(request: HttpRequest, pk: int) -> FileResponse:
    """The contact sheet. It never changes, so the browser may keep it."""
    dataset = get_object_or_404(Dataset, pk=pk)
    try:
        response = FileResponse(here(dataset.folder / contact_sheet.SHEET).open("rb"), content_type="image/png")
    except FileNotFoundError:
        raise Http404(_("The contact sheet of this data set is missing.")) from None
    patch_cache_control(response, public=True, max_age=31_536_000, immutable=True)
    return response


@require_safe
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One import: how far it is, what came of it."""
    return job_pages.show(request, _import_page(request, pk))


@require_safe
def import_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of an import's page that changes while it runs."""
    return job_pages.show_progress(request, _import_page(request, pk))


@require_POST
@needs("datasets.change_datasetimport")
def import_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop an import; nothing of it is kept."""
    return job_pages.cancel(request, _import_page(request, pk))


def _import_page(request: HttpRequest, pk: int) -> JobPage:
    job = get_object_or_404(DatasetImport.objects.select_related("dataset"), pk=pk)
    may_cancel = request.user.has_perm("datasets.change_datasetimport")
    return JobPage(
        job,
        _("Import of %(name)s") % {"name": job.name},
        address=job.get_absolute_url(),
        progress=reverse("datasets:import-progress", args=[pk]),
        cancel=reverse("datasets:import-cancel", args=[pk]) if may_cancel else "",
        beginning=_("reading the archive"),
        result=(job.dataset.get_absolute_url(), _("Open the data set")) if job.dataset else None,
    )


def _split_names() -> list[str]:
    return [split_name(split) for split in Split]
