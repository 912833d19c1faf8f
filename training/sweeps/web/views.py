"""Public pages of sweeps."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_htmx.http import HTMX_STOP_POLLING

from accounts.rights import may_change
from recognizer import csv_files
from training.sweeps import export
from training.sweeps.models import Sweep, TrialKind
from training.sweeps.search.repeats import repeated_trials
from training.sweeps.web import charts, heat_map, listing, summary, tables
from training.sweeps.web.action_views import may_add_trial
from training.sweeps.web.forms import ExtendForm, TrialForm

SWEEPS_ON_A_PAGE = 50
MAX_ROWS = 100
"""The page lists this many of the trials; the files have all."""


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All sweeps, newest first."""
    context = _list_context(request)
    return render(request, "sweeps/sweep_list.html", context)


@never_cache
@require_safe
def rows(request: HttpRequest) -> HttpResponse:
    """The table of the list alone, for a page that follows its sweeps; with status 286 once all have ended."""
    context = _list_context(request)
    return render(request, "sweeps/sweep_table.html", context, status=200 if context["is_live"] else HTMX_STOP_POLLING)


def _list_context(request: HttpRequest) -> dict[str, Any]:
    page = Paginator(Sweep.objects.select_related("dataset"), SWEEPS_ON_A_PAGE).get_page(request.GET.get("page"))
    sweeps = list(page)
    listing.count_trials(sweeps)
    is_live = any(not sweep.progress.is_finished for sweep in sweeps)
    return {"page": page, "sweeps": sweeps, "is_live": is_live, "section": "sweeps"}


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One sweep: its best, what was learnt, its charts and tables, its trials, its settings."""
    sweep = get_object_or_404(Sweep.objects.select_related("dataset"), pk=pk)
    context = _context(request, sweep)
    trials = context["all_trials"]
    context |= {
        "figures": charts.page_data(sweep, trials),
        "shared_values": tables.shared_values(sweep),
        "settings": tables.settings_rows(sweep),
        "axes": [(name, tables.label(name)) for name in sweep.space],
        "extend_form": ExtendForm(initial=_limits(sweep)),
        "trial_form": TrialForm(sweep),
        "may_add_trial": may_add_trial(request.user, sweep),
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
    return HTMX_STOP_POLLING if sweep.progress.is_finished else 200


def _context(request: HttpRequest, sweep: Sweep) -> dict[str, Any]:
    trials = list(sweep.trials.select_related("run", "run__stored_model"))
    searched = [trial for trial in trials if trial.kind != TrialKind.REPEAT]
    best, progress = sweep.best(), sweep.progress
    row, column = request.GET.get("row", ""), request.GET.get("column", "")
    return {
        "section": "sweeps",
        "sweep": sweep,
        "progress": progress,
        "was": f"{sweep.phase}-{progress.is_finished}",
        "best": best,
        "best_values": tables.named_values(sweep, best) if best else [],
        "learnt": summary.learnt(sweep, trials),
        "search_steps": summary.search_steps(sweep, trials),
        "repeated": [(each, tables.named_values(sweep, each.trial)) for each in repeated_trials(trials)],
        "heat_map": heat_map.build(sweep, searched, best, row, column) if trials else None,
        "names": [tables.label(name) for name in sweep.space],
        "may_change": may_change(request.user, sweep),
        "trials": tables.trial_rows(sweep, trials[-MAX_ROWS:]),
        "all_trials": trials,
    }


@never_cache
@require_safe
def figures(request: HttpRequest, pk: int) -> JsonResponse:
    """The charts as JSON, in the shape that static/js/chart.js draws."""
    sweep = get_object_or_404(Sweep, pk=pk)
    return JsonResponse(charts.page_data(sweep, list(sweep.trials.select_related("run"))))


@require_safe
def csv_file(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The trials as a CSV file."""
    sweep = get_object_or_404(Sweep, pk=pk)
    return csv_files.response(export.table(sweep), f"sweep-{sweep.pk}.csv", request.GET)


@require_safe
def json_file(request: HttpRequest, pk: int) -> HttpResponse:
    """All of it as a JSON file."""
    sweep = get_object_or_404(Sweep, pk=pk)
    content = JsonResponse(export.as_json(sweep), json_dumps_params={"ensure_ascii": False, "indent": 1})
    content.headers["Content-Disposition"] = f'attachment; filename="sweep-{sweep.pk}.json"'
    return content
