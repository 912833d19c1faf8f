"""Searches and new versions: started by those who may, watched by everybody."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from training.cleaning.models import Cleaning, NewVersion
from training.datasets import job_pages
from training.datasets.errors import DatasetError
from training.datasets.job_pages import JobPage
from training.datasets.models import Dataset
from training.datasets.saving import check_name
from training.jobs import lifecycle
from training.jobs.models import FINISHED


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
    return job_pages.show(request, _cleaning_page(request, pk))


@require_safe
def cleaning_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of its page that changes."""
    return job_pages.show_progress(request, _cleaning_page(request, pk))


@require_POST
@permission_required("datasets.change_dataset", raise_exception=True)
def cleaning_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a search."""
    return job_pages.cancel(request, _cleaning_page(request, pk))


@require_safe
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """One new version: how far it is."""
    return job_pages.show(request, _version_page(request, pk))


@require_safe
def version_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of its page that changes."""
    return job_pages.show_progress(request, _version_page(request, pk))


@require_POST
@permission_required("datasets.change_dataset", raise_exception=True)
def version_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop the making of a new version."""
    return job_pages.cancel(request, _version_page(request, pk))


def _cleaning_page(request: HttpRequest, pk: int) -> JobPage:
    job = get_object_or_404(Cleaning.objects.select_related("dataset"), pk=pk)
    return JobPage(
        job,
        _("Cleaning of %(name)s") % {"name": job.dataset.name},
        address=reverse("cleaning:cleaning", args=[pk]),
        progress=reverse("cleaning:cleaning-progress", args=[pk]),
        cancel=_if_permitted(request, "cleaning:cleaning-cancel", pk),
        beginning=_("beginning"),
        result=(job.get_absolute_url(), _("Look at what was found")),
        dataset=job.dataset,
    )


def _version_page(request: HttpRequest, pk: int) -> JobPage:
    job = get_object_or_404(NewVersion.objects.select_related("parent", "dataset"), pk=pk)
    return JobPage(
        job,
        _("New version %(name)s") % {"name": job.name},
        address=job.get_absolute_url(),
        progress=reverse("cleaning:version-progress", args=[pk]),
        cancel=_if_permitted(request, "cleaning:version-cancel", pk),
        beginning=_("beginning"),
        result=(job.dataset.get_absolute_url(), _("Open the data set")) if job.dataset else None,
        dataset=job.parent,
    )


def _if_permitted(request: HttpRequest, name: str, pk: int) -> str:
    return reverse(name, args=[pk]) if request.user.has_perm("datasets.change_dataset") else ""
