"""Scans read as a job, for those who may: sent, watched, downloaded; and sheets to print."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HTMX_STOP_POLLING

from accounts.rights import needs
from recognizer.pages import extra
from recognizer.pages.errors import PageError
from training.datasets.web import job_pages
from training.datasets.web.job_pages import JobPage
from training.jobs.models import State
from training.paper import page_results, services
from training.paper.models import PaperReading, ReadingPurpose
from training.paper.rows import each_row
from training.paper.web.forms import ScansForm, SheetsForm

ON_A_PAGE, SHOWN_UNREAD = 50, 200
_SECTION = {"section": "datasets"}
_KINDS = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


@require_http_methods(["GET", "HEAD", "POST"])
@needs("paper.add_paperreading")
def index(request: HttpRequest) -> HttpResponse:
    """All readings, and the forms of sheets and scans; scans that are sent begin a reading."""
    error = ""
    if request.method == "POST":
        form = ScansForm(request.POST, request.FILES)
        try:
            if form.is_valid():
                extra.require()
                purpose = ReadingPurpose(form.cleaned_data["purpose"])
                return redirect(services.order(purpose, form.cleaned_data["scans"], by=request.user))
            error = _said(form)
        except PageError as refusal:
            error = str(refusal)
    context = {
        "page": Paginator(PaperReading.objects.all(), ON_A_PAGE).get_page(request.GET.get("page")),
        "sheets_form": SheetsForm(auto_id="sheets-%s"),
        "scans_forms": [
            (purpose, ScansForm(initial={"purpose": purpose}, auto_id=f"{purpose}-%s")) for purpose in ReadingPurpose
        ],
        "error": error,
        "is_there": extra.is_there(),
        "megabytes": settings.PROPIS_LIMITS["scans_bytes"] // 2**20,
        **_SECTION,
    }
    return render(request, "paper/index.html", context, status=400 if error else 200)


@require_safe
@needs("paper.add_paperreading")
def sheets(request: HttpRequest) -> HttpResponse:
    """The PDF of new collection sheets."""
    form = SheetsForm(request.GET)
    try:
        extra.require()
        if not form.is_valid():
            return render(request, "400.html", {"reason": _said(form)}, status=400)
    except PageError as error:
        return render(request, "400.html", {"reason": str(error)}, status=503)
    from recognizer.pages.sheets import printing  # it needs the extra

    chosen = form.cleaned_data
    writers = printing.new_writers(chosen["writers"])
    choice = printing.SheetChoice(chosen["letters"], chosen["copies"], tuple(map(int, chosen["pages"])))
    response = HttpResponse(printing.print_sheets(writers, choice), content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, _("sheets") + ".pdf") or "attachment"
    return response


@require_safe
@needs("paper.view_paperreading")
def reading(request: HttpRequest, pk: int) -> HttpResponse:
    """One reading: how far it is, what came of it."""
    return render(request, "paper/reading.html", _context(request, pk))


@require_safe
@needs("paper.view_paperreading")
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of its page that changes while it runs."""
    context = _context(request, pk)
    status = HTMX_STOP_POLLING if context["job"].is_finished else 200
    return render(request, "paper/reading_progress.html", context, status=status)


@require_POST
@needs("paper.change_paperreading")
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a reading."""
    return job_pages.cancel(request, _page(request, get_object_or_404(PaperReading, pk=pk)))


@require_safe
@needs("paper.view_paperreading")
def result(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """What was read of pages of letters, as CSV or JSON."""
    job = get_object_or_404(PaperReading, pk=pk, state=State.SUCCEEDED, purpose=ReadingPurpose.PAGES)
    if form not in page_results.FORMS:
        raise Http404(_("There is no such format."))
    response = HttpResponse(content_type=_KINDS[form])
    page_results.write_results(each_row(job.folder), form, response)
    response["Content-Disposition"] = content_disposition_header(True, f"{job.name}.{form}") or "attachment"
    return response


def _said(form: Form) -> str:
    """What is wrong with a form, in one line."""
    return " ".join(f"{form.fields[name].label}: {' '.join(map(str, errors))}" for name, errors in form.errors.items())


def _context(request: HttpRequest, pk: int) -> dict[str, Any]:
    job = get_object_or_404(PaperReading, pk=pk)
    unread = [row for row in each_row(job.folder) if "error" in row] if job.is_finished else []
    return {
        "page": _page(request, job),
        "job": job,
        "is_of_sheets": job.purpose == ReadingPurpose.SHEETS,
        "unread": unread[:SHOWN_UNREAD],
        "forms": page_results.FORMS,
        **_SECTION,
    }


def _page(request: HttpRequest, job: PaperReading) -> JobPage:
    may_cancel = request.user.has_perm("paper.change_paperreading")
    return JobPage(
        job,
        job.name,
        address=job.get_absolute_url(),
        progress=reverse("paper:progress", args=[job.pk]),
        cancel=reverse("paper:cancel", args=[job.pk]) if may_cancel else "",
        beginning=_("looking for pages"),
    )
