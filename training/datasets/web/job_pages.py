"""The page of a job on a data set (import, search, new version): how far it is, and what came of it."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django_htmx.http import HTMX_STOP_POLLING

from training.datasets.models import Dataset
from training.jobs import lifecycle
from training.jobs.models import Job


@dataclass(frozen=True)
class JobPage:
    """What the page shows.

    Attributes:
        job: whose page it is.
        title: its heading.
        address: of the page.
        progress: address of the part that changes while the job runs.
        cancel: address that cancels it; empty for who may not.
        beginning: what it does before it tells so itself.
        result: address and words of what came of it; None while there is nothing.
        dataset: on which it works, if that is there already.

    """

    job: Job
    title: str
    address: str
    progress: str
    cancel: str
    beginning: str
    result: tuple[str, str] | None = None
    dataset: Dataset | None = None


def show(request: HttpRequest, page: JobPage) -> HttpResponse:
    """Show the whole page."""
    return render(request, "datasets/job.html", _context(page))


def show_progress(request: HttpRequest, page: JobPage) -> HttpResponse:
    """Show the part that changes; with status 286 once nothing changes any more."""
    status = HTMX_STOP_POLLING if page.job.is_finished else 200
    return render(request, "datasets/job_progress.html", _context(page), status=status)


def cancel(request: HttpRequest, page: JobPage) -> HttpResponse:
    """Stop the job, of which nothing is kept, and show its page."""
    if not lifecycle.request_cancel(page.job):
        messages.info(request, _("It has ended already."))
    return redirect(page.address)


def _context(page: JobPage) -> dict[str, object]:
    return {"page": page, "job": page.job, "section": "datasets"}
