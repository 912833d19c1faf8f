"""Label checks and new versions: started by those who may, watched by everybody."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.rights import needs
from training.cleaning import services
from training.cleaning.models import Cleaning, NewVersion
from training.datasets.errors import DatasetError
from training.datasets.models import Dataset
from training.datasets.web import job_pages
from training.datasets.web.job_pages import JobPage


@require_POST
@needs("cleaning.add_cleaning")
def start_cleaning(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue a label check, unless one is waiting or running."""
    dataset = get_object_or_404(Dataset, pk=pk)
    return redirect("cleaning:cleaning", pk=services.queue_check(dataset, by=request.user).pk)


@require_POST
@needs("cleaning.add_newversion")
def start_version(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue the making of a new version of the decisions so far."""
    parent = get_object_or_404(Dataset, pk=pk)
    name, comment = request.POST.get("name", "").strip(), request.POST.get("note", "")
    try:
        job = services.queue_version(parent, name=name, comment=comment, by=request.user)
    except (DatasetError, ValidationError) as error:
        said = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        messages.error(request, said)
        return redirect("cleaning:review", pk=pk)
    return redirect("cleaning:version", pk=job.pk)


@require_safe
def cleaning(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one label check."""
    return job_pages.show(request, _cleaning_page(request, pk))


@require_safe
def cleaning_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of its page that changes."""
    return job_pages.show_progress(request, _cleaning_page(request, pk))


@require_POST
@needs("cleaning.change_cleaning")
def cleaning_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a label check."""
    return job_pages.cancel(request, _cleaning_page(request, pk))


@require_safe
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one new version."""
    return job_pages.show(request, _version_page(request, pk))


@require_safe
def version_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of its page that changes."""
    return job_pages.show_progress(request, _version_page(request, pk))


@require_POST
@needs("cleaning.change_newversion")
def version_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop the making of a new version."""
    return job_pages.cancel(request, _version_page(request, pk))


def _cleaning_page(request: HttpRequest, pk: int) -> JobPage:
    job = get_object_or_404(Cleaning.objects.select_related("dataset"), pk=pk)
    return JobPage(
        job,
        _("Label check of %(name)s") % {"name": job.dataset.name},
        address=reverse("cleaning:cleaning", args=[pk]),
        progress=reverse("cleaning:cleaning-progress", args=[pk]),
        cancel=_if_permitted(request, "cleaning.change_cleaning", "cleaning:cleaning-cancel", pk),
        beginning=_("beginning"),
        result=(job.get_absolute_url(), _("Look at the findings")),
        dataset=job.dataset,
    )


def _version_page(request: HttpRequest, pk: int) -> JobPage:
    job = get_object_or_404(NewVersion.objects.select_related("parent", "dataset"), pk=pk)
    return JobPage(
        job,
        _("New version %(name)s") % {"name": job.name},
        address=job.get_absolute_url(),
        progress=reverse("cleaning:version-progress", args=[pk]),
        cancel=_if_permitted(request, "cleaning.change_newversion", "cleaning:version-cancel", pk),
        beginning=_("beginning"),
        result=(job.dataset.get_absolute_url(), _("Open the data set")) if job.dataset else None,
        dataset=job.parent,
    )


def _if_permitted(request: HttpRequest, right: str, name: str, pk: int) -> str:
    return reverse(name, args=[pk]) if request.user.has_perm(right) else ""
