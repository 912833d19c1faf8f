"""Public pages of sweeps."""

from collections import Counter
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, F, Max, Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from training.jobs.models import State
from training.sweeps import charts, exports, tables, telling
from training.sweeps.forms import ExtendForm, TrialForm
from training.sweeps.models import Kind, Progress, Sweep
from training.sweeps.repeats import repeated

SWEEPS_ON_A_PAGE = 50
STOP_POLLING = 286
MOST_ROWS = 200
"""Trials that the page lists; the files have all."""


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All sweeps, newest first."""
    context = _list_context(request)
    return render(request, "sweeps/sweep_list.html", context)


@never_cache
@require_safe
def rows(request: HttpRequest) -> HttpResponse:
    """The table of the list anew, for a page that follows its sweeps."""
    context = _list_context(request)
    return render(request, "sweeps/sweep_table.html", context, status=200 if context["is_live"] else STOP_POLLING)


def _list_context(request: HttpRequest) -> dict[str, Any]:
    counted = {state.value: Count("trials", filter=Q(trials__run__state=state)) for state in State}
    searched = Q(trials__run__state=State.SUCCEEDED) & ~Q(trials__kind=Kind.REPEAT)
    best = Max(F("trials__run__validation_accuracy"), filter=searched)
    sweeps = Sweep.objects.select_related("dataset").annotate(**counted, best_accuracy=best)
    sweeps = sweeps.order_by("-created_at", "-pk")  # an aggregate drops the table's own order
    page = Paginator(sweeps, SWEEPS_ON_A_PAGE).get_page(request.GET.get("page"))
    listed = [(sweep, _progress_of(sweep)) for sweep in page]
    is_live = any(not progress.is_finished for _sweep, progress in listed)
    return {"page": page, "rows": listed, "is_live": is_live, "section": "sweeps"}


def _progress_of(sweep: Sweep) -> Progress:
    """Where a sweep of the annotated list stands."""
    counts = Counter({state.value: getattr(sweep, state) for state in State})
    return Progress(counts, sweep.phase, sweep.reason, sweep.planned)


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One sweep: its best, what was learnt, its charts and tables, its trials, how it is led."""
    sweep = get_object_or_404(Sweep.objects.select_related("dataset"), pk=pk)
    context = _context(request, sweep)
    trials = context["all_trials"]
    context |= {
        "figures": charts.page_data(sweep, trials),
        "shared": tables.shared(sweep),
        "led": tables.led(sweep),
        "axes": [(name, tables.label(name)) for name in sweep.space],
        "extend_form": ExtendForm(initial=_limits(sweep)),
        "trial_form": TrialForm(sweep),
    }
    return render(request, "sweeps/sweep_detail.html", context)


def _limits(sweep: Sweep) -> dict[str, Any]:
    names = ("max_trials", "max_hours", "parallel", "target", "patience")
    return {name: getattr(sweep, name) for name in names}


@never_cache
@require_safe
def live(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that changes; with status 286 once the sweep has ended."""
    sweep = get_object_or_404(Sweep.objects.select_related("dataset"), pk=pk)
    context = _context(request, sweep) | {"is_fragment": True}
    context["is_changed"] = request.GET.get("was") != context["was"]
    return render(request, "sweeps/sweep_live.html", context, status=_status(sweep))


@never_cache
@require_safe
def heat(request: HttpRequest, pk: int) -> HttpResponse:
    """The heat map of two chosen hyperparameters."""
    sweep = get_object_or_404(Sweep.objects.select_related("dataset"), pk=pk)
    return render(request, "sweeps/sweep_heat.html", _context(request, sweep), status=_status(sweep))


def _status(sweep: Sweep) -> int:
    return STOP_POLLING if sweep.progress.is_finished else 200


def _context(request: HttpRequest, sweep: Sweep) -> dict[str, Any]:
    trials = list(sweep.trials.select_related("run", "run__stored_model"))
    searched = [trial for trial in trials if trial.kind != Kind.REPEAT]
    best, progress = sweep.best(), sweep.progress
    row, column = request.GET.get("row", ""), request.GET.get("column", "")
    return {
        "section": "sweeps",
        "sweep": sweep,
        "progress": progress,
        "was": f"{sweep.phase}-{progress.is_finished}",
        "best": best,
        "best_values": tables.named_values(sweep, best) if best else [],
        "learnt": telling.learnt(sweep, trials),
        "decisions": telling.decisions(sweep, trials),
        "repeated": [(each, tables.named_values(sweep, each.trial)) for each in repeated(trials)],
        "two_way": tables.two_way(sweep, searched, best, row, column) if trials else None,
        "names": [tables.label(name) for name in sweep.space],
        "trials": tables.listed(sweep, trials[-MOST_ROWS:]),
        "all_trials": trials,
    }


@never_cache
@require_safe
def figures(request: HttpRequest, pk: int) -> JsonResponse:
    """The charts as JSON, in the shape that static/js/chart.js draws."""
    sweep = get_object_or_404(Sweep, pk=pk)
    return JsonResponse(charts.page_data(sweep, list(sweep.trials.select_related("run"))))


@require_safe
def csv_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The trials as a CSV file."""
    sweep = get_object_or_404(Sweep, pk=pk)
    return _download(HttpResponse(exports.as_csv(sweep), content_type="text/csv; charset=utf-8"), sweep, "csv")


@require_safe
def json_file(request: HttpRequest, pk: int) -> HttpResponse:
    """All of it as a JSON file."""
    sweep = get_object_or_404(Sweep, pk=pk)
    content = JsonResponse(exports.as_json(sweep), json_dumps_params={"ensure_ascii": False, "indent": 1})
    return _download(content, sweep, "json")


def _download(response: HttpResponse, sweep: Sweep, ending: str) -> HttpResponse:
    response.headers["Content-Disposition"] = f'attachment; filename="sweep-{sweep.pk}.{ending}"'
    return response
