"""The list of runs: filtered, sorted, with the columns that a person chose, and as a file."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from training.runs import columns, exporting
from training.runs.columns import heads
from training.runs.listing import listed

RUNS_ON_A_PAGE = 50
STOP_POLLING = 286
"""The status at which htmx asks no more."""


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All runs, newest first, or those that are asked for, as they are asked for."""
    return render(request, "runs/run_list.html", _list_context(request))


@never_cache
@require_safe
def rows(request: HttpRequest) -> HttpResponse:
    """The table of the list anew, for a page that follows its runs."""
    context = _list_context(request)
    return render(request, "runs/run_table.html", context, status=200 if context["is_live"] else STOP_POLLING)


def _list_context(request: HttpRequest) -> dict[str, Any]:
    listing = listed(request.GET)
    page = Paginator(listing.runs, RUNS_ON_A_PAGE).get_page(request.GET.get("page"))
    shown = columns.chosen(request)
    return {
        "section": "runs",
        "page": page,
        "columns": heads(shown, listing.sort),
        "rows": [(run, [(column, column.text(run)) for column in shown]) for run in page],
        "filter": listing.form,
        "query": listing.query,
        "query_without_sort": listing.query_without_sort,
        "is_filtered": bool(listing.query_without_sort),
        "is_live": any(not run.is_finished for run in page),
    }


@require_safe
def export(request: HttpRequest, kind: str) -> StreamingHttpResponse:
    """The runs of the list, all its pages, as a CSV or JSON file."""
    return exporting.response(listed(request.GET).runs, kind)


@require_http_methods(["GET", "HEAD", "POST"])
def choose_columns(request: HttpRequest) -> HttpResponse:
    """Choose what the lists of runs show; it is kept."""
    target = request.POST.get("next", request.GET.get("next", ""))
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = reverse("runs:index")
    if request.method == "POST":
        response = HttpResponseRedirect(target)
        keys = columns.DEFAULT if "usual" in request.POST else request.POST.getlist("column")
        columns.keep(request, response, keys)
        return response
    shown = {column.key for column in columns.chosen(request)}
    groups = [
        (title, _offered(shown, hyperparameters=of))
        for title, of in ((_("Of the run"), False), (_("Hyperparameters"), True))
    ]
    return render(request, "runs/columns.html", {"section": "runs", "groups": groups, "next": target})


def _offered(shown: set[str], *, hyperparameters: bool) -> list[tuple[columns.Column, bool]]:
    every = columns.COLUMNS.values()
    return [(column, column.key in shown) for column in every if column.is_hyperparameter == hyperparameters]
