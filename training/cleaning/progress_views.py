"""Searches and new versions: started by those who may, watched by everybody."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from training.cleaning.models import Cleaning, NewVersion
from training.datasets.errors import DatasetError
from training.datasets.models import Dataset
from training.datasets.saving import check_name
from training.jobs import lifecycle
from training.jobs.models import FINISHED, Job

STOP_POLLING = 286


@require_POST
@permission_required("datasets.change_dataset", raise_exception=True)
def start_cleaning(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue a search, unless one is under way."""
    dataset = get_object_or_404(Dataset, pk=pk)
    job = Cleaning.objects.filter(dataset=dataset).exclude(state__in=FINISHED).first()
    job = job or lifecycle.enqueue(Cleaning(dataset=dataset), by=request.user)
    return redirect("cleaning:cleaning", pk=job.pk)


@require_POST
@permission_required("datasets.change_dataset", raise_exception=True)
def start_version(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue the making of a new version of the decisions so far."""
    parent = get_object_or_404(Dataset, pk=pk)
    job = NewVersion(parent=parent, name=request.POST.get("name", "").strip(), comment=request.POST.get("note", ""))
    try:
        check_name(job.name)
        job.clean_fields(exclude=["created_by"])
    except (DatasetError, ValidationError) as error:
        said = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        messages.error(request, said)
        return redirect("cleaning:review", pk=pk)
    lifecycle.enqueue(job, by=request.user)
    return redirect("cleaning:version", pk=job.pk)


@require_safe
def cleaning(request: HttpRequest, pk: int) -> HttpResponse:
    """One search: how far it is."""
    return render(request, "cleaning/job.html", _cleaning_context(pk))


@require_safe
def cleaning_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of its page that changes."""
    return _progress(request, _cleaning_context(pk))


@require_safe
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """One new version: how far it is."""
    return render(request, "cleaning/job.html", _version_context(pk))


@require_safe
def version_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of its page that changes."""
    return _progress(request, _version_context(pk))


def _progress(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    job: Job = context["job"]
    return render(request, "cleaning/progress.html", context, status=STOP_POLLING if job.is_finished else 200)


def _cleaning_context(pk: int) -> dict[str, Any]:
    job = get_object_or_404(Cleaning.objects.select_related("dataset"), pk=pk)
    title = _("Cleaning of %(name)s") % {"name": job.dataset.name}
    done = {"url": job.get_absolute_url(), "words": _("Look at what was found")}
    return _context(job, job.dataset, title, done, "cleaning:cleaning-progress")


def _version_context(pk: int) -> dict[str, Any]:
    job = get_object_or_404(NewVersion.objects.select_related("parent", "dataset"), pk=pk)
    title = _("New version %(name)s") % {"name": job.name}
    done = {"url": job.dataset.get_absolute_url(), "words": _("Open the data set")} if job.dataset else None
    return _context(job, job.parent, title, done, "cleaning:version-progress")


def _context(job: Job, dataset: Dataset, title: str, done: dict[str, str] | None, progress: str) -> dict[str, Any]:
    return {"job": job, "dataset": dataset, "title": title, "done": done, "progress": progress, "section": "datasets"}
