"""Public pages of sweeps."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db.models import Count, F, Max, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from training.jobs.models import State
from training.jobs.working import JobFailedError
from training.runs.conclusion import PublishError, publish
from training.sweeps import control, tables
from training.sweeps.models import Progress, Sweep

SWEEPS_ON_A_PAGE = 50
STOP_POLLING = 286


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All sweeps, newest first."""
    counted = {state.value: Count("trials", filter=Q(trials__run__state=state)) for state in State}
    ended = Q(trials__run__state=State.SUCCEEDED)
    best = Max(F("trials__run__validation_accuracy"), filter=ended)
    sweeps = Sweep.objects.select_related("dataset").annotate(**counted, best_accuracy=best)
    sweeps = sweeps.order_by("-created_at", "-pk")  # an aggregate drops the table's own order
    page = Paginator(sweeps, SWEEPS_ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [(sweep, _progress_of(sweep)) for sweep in page]
    return render(request, "sweeps/sweep_list.html", {"page": page, "rows": rows, "section": "sweeps"})


def _progress_of(sweep: Sweep) -> Progress:
    """Where a sweep of the annotated list stands."""
    counts = Counter({state.value: getattr(sweep, state) for state in State})
    return Progress(counts, sweep.phase, sweep.reason, sweep.planned)


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One sweep: its table, its best, its trials, what they share."""
    sweep = get_object_or_404(Sweep.objects.select_related("dataset"), pk=pk)
    return render(request, "sweeps/sweep_detail.html", _context(sweep))


@never_cache
@require_safe
def live(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that changes; with status 286 once every trial has ended."""
    sweep = get_object_or_404(Sweep.objects.select_related("dataset"), pk=pk)
    status = STOP_POLLING if sweep.progress.is_finished else 200
    return render(request, "sweeps/sweep_live.html", _context(sweep), status=status)


def _context(sweep: Sweep) -> dict[str, Any]:
    trials = list(sweep.trials.select_related("run", "run__stored_model"))
    best = sweep.best()
    return {
        "section": "sweeps",
        "sweep": sweep,
        "progress": sweep.progress,
        "best": best,
        "best_values": tables.named_values(sweep, best) if best else [],
        "two_way": tables.two_way(sweep, trials, best) if trials else None,
        "names": [tables.label(name) for name in sweep.space],
        "trials": tables.listed(sweep, trials),
        "shared": tables.shared(sweep),
    }


@require_POST
@permission_required("runs.change_run", raise_exception=True)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel every trial that has not ended."""
    sweep = get_object_or_404(Sweep, pk=pk)
    count = control.cancel(sweep)
    messages.success(request, ngettext("%d trial is being cancelled.", "%d trials are being cancelled.", count) % count)
    return HttpResponseRedirect(sweep.get_absolute_url())


@require_POST
@permission_required("recognizer.add_storedmodel", raise_exception=True)
def publish_best(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the best trial's network in the catalogue, scored on the test split."""
    sweep = get_object_or_404(Sweep, pk=pk)
    best = sweep.best()
    if best is None:
        messages.error(request, _("No trial of this sweep has ended well yet."))
        return HttpResponseRedirect(sweep.get_absolute_url())
    try:
        model = publish(best.run)
    except (PublishError, JobFailedError) as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(sweep.get_absolute_url())
    messages.success(request, _("“%(name)s” is in the catalogue.") % {"name": model})
    return HttpResponseRedirect(model.get_absolute_url())
