"""The home of who is signed in: what runs, what came out, what waits for a decision, what can be started."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hwrsite.web import shown_jobs
from recognizer.models import Activation, Drawing, Review, StoredModel
from training.datasets.imports import waiting_drafts
from training.jobs.models import State
from training.runs.models import Evaluation, Run
from training.sweeps.models import Phase, Sweep, Trial
from training.sweeps.web import listing

LAST_RESULTS = 6
SHOWN_SWEEPS = 5
MOST_COUNTED = 1000
"""Drawings that wait are counted up to here."""


@dataclass(frozen=True)
class Beginning:
    """Something that people start: a button.

    Attributes:
        label: what it says.
        hint: a line below it.
        address: where it leads.
        permission: who has it sees the button.

    """

    label: str
    hint: str
    address: str
    permission: str


@never_cache
@require_safe
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """The page; asked for by htmx, the part of it that changes."""
    template = "overview/live.html" if getattr(request, "htmx", False) else "overview/page.html"
    return render(request, template, overview_context(request))


def on_admin_index(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Give the first page of the admin the same."""
    return context | overview_context(request)


def overview_context(request: HttpRequest) -> dict[str, Any]:
    """Everything that the page shows, by as many queries whatever there is."""
    jobs, sweeps = shown_jobs.under_way(), _sweeps()
    return {
        "jobs": jobs,
        "sweeps": sweeps,
        "is_busy": any(shown.job.state != State.PAUSED for shown in jobs) or bool(sweeps),
        "failed": shown_jobs.failed(),
        "failed_days": shown_jobs.FAILED_DAYS,
        "drafts": waiting_drafts.of(request.session, request.user.pk or 0),
        "drawings": _drawings(request),
        "most_counted": MOST_COUNTED,
        "service": StoredModel.objects.filter(is_active=True).first(),
        "since": Activation.objects.values_list("at", flat=True).first(),
        "results": _results(),
        "beginnings": [each for each in _beginnings() if request.user.has_perm(each.permission)],
        "section": "overview",
    }


def _sweeps() -> list[Sweep]:
    """Sweeps that search or have trials that have not ended."""
    with_trials = Trial.objects.filter(run__state__in=shown_jobs.OPEN).values("sweep")
    sweeps = list(Sweep.objects.filter(~Q(phase=Phase.CLOSED) | Q(pk__in=with_trials))[:SHOWN_SWEEPS])
    listing.count_trials(sweeps)
    return sweeps


def _drawings(request: HttpRequest) -> int:
    """Donated drawings that nobody has reviewed, up to `MOST_COUNTED`; 0 for who may not review them."""
    if not request.user.has_perm("recognizer.change_drawing"):
        return 0
    return Drawing.objects.filter(state=Review.PENDING)[:MOST_COUNTED].count()


def _results() -> list[Any]:
    """The last trainings and evaluations that succeeded, the last first."""
    runs = Run.objects.filter(state=State.SUCCEEDED, is_trial=False).select_related("stored_model")
    evaluations = Evaluation.objects.filter(state=State.SUCCEEDED).select_related("model", "dataset")
    ended = [*runs.order_by("-pk")[:LAST_RESULTS], *evaluations.order_by("-pk")[:LAST_RESULTS]]
    ended.sort(key=lambda job: job.finished_at or job.created_at, reverse=True)
    return ended[:LAST_RESULTS]


def _beginnings() -> tuple[Beginning, ...]:
    return (
        Beginning(
            _("Import letters"),
            _("an archive of pictures, or synthetic ones"),
            reverse("admin:datasets_datasetimport_add"),
            "datasets.add_datasetimport",
        ),
        Beginning(
            _("Paper"),
            _("sheets for a class, and pages read"),
            reverse("paper:index"),
            "paper.add_paperreading",
        ),
        Beginning(
            _("Train a network"),
            _("on one data set or several"),
            reverse("runs:new"),
            "runs.add_run",
        ),
        Beginning(
            _("Search for better settings"),
            _("many trainings, compared"),
            reverse("sweeps:new"),
            "sweeps.add_sweep",
        ),
        Beginning(
            _("Shrink a model"),
            _("for a small device, at little cost"),
            reverse("admin:devices_compression_add"),
            "devices.add_compression",
        ),
        Beginning(
            _("Measure speed"),
            _("of models on devices"),
            reverse("devices:order"),
            "devices.add_benchmark",
        ),
    )
