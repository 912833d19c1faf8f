"""The list of runs: filtered, sorted, with the columns that a person has chosen, and as a file."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HTMX_STOP_POLLING

from training.runs.web.listing import run_columns, run_export, told_apart
from training.runs.web.listing.run_columns import heads
from training.runs.web.listing.run_filter import listed

RUNS_ON_A_PAGE = 50


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All runs, newest first, or filtered and sorted as the address says."""
    return render(request, "runs/run_list.html", _list_context(request))


@never_cache
@require_safe
def rows(request: HttpRequest) -> HttpResponse:
    """The table of the list, for a page that follows its runs; the status ends the polling once all have ended."""
    context = _list_context(request)
    return render(request, "runs/run_table.html", context, status=200 if context["is_live"] else HTMX_STOP_POLLING)


def _list_context(request: HttpRequest) -> dict[str, Any]:
    listing = listed(request.GET, of_staff=run_columns.is_of_staff(request))
    page = Paginator(listing.runs, RUNS_ON_A_PAGE).get_page(request.GET.get("page"))
    shown = run_columns.chosen(request)
    return {
        "section": "runs",
        "page": page,
        "columns": heads(shown, listing.sort),
        "groups": told_apart.grouped(page, shown, by_sweep=not listing.sort),
        "filter": listing.form,
        "query": listing.query,
        "query_without_sort": listing.query_without_sort,
        "is_filtered": bool(listing.query_without_sort),
        "is_live": any(not run.is_finished for run in page),
    }


@require_safe
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The runs of the list, all its pages, as a CSV or JSON file; a filter that cannot be is refused."""
    listing = listed(request.GET, of_staff=run_columns.is_of_staff(request))
    if errors := listing.form.errors:
        words = " ".join(str(sentence) for sentences in errors.values() for sentence in sentences)
        return JsonResponse({"error": words}, status=400)
    return run_export.response(listing.runs, kind, request.GET)


@require_http_methods(["GET", "HEAD", "POST"])
def choose_columns(request: HttpRequest) -> HttpResponse:
    """Choose the columns of the lists of runs; the choice is kept."""
    target = request.POST.get("next", request.GET.get("next", ""))
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = reverse("runs:index")
    if request.method == "POST":
        response = HttpResponseRedirect(target)
        keys = run_columns.DEFAULT if "usual" in request.POST else request.POST.getlist("column")
        run_columns.keep(request, response, keys)
        return response
    shown = {column.key for column in run_columns.chosen(request)}
    offered = run_columns.offered(request).values()
    groups = [
        (title, [(column, column.key in shown) for column in offered if column.is_hyperparameter == of])
        for title, of in ((_("About the run"), False), (_("Hyperparameters"), True))
    ]
    return render(request, "runs/columns.html", {"section": "runs", "groups": groups, "next": target})
