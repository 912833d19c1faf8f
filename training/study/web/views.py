"""The study: the thesis's experiments, our figures beside its own."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from training.study.results import results
from training.study.web import content


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The whole study on one page."""
    context = content.study(results(), request.GET)
    return render(request, "study/index.html", {"section": "study", **context})


@require_safe
def figures_file(request: HttpRequest) -> JsonResponse:
    """All figures as JSON: rows with their runs, recipes and curves."""
    return JsonResponse({"experiments": results()}, json_dumps_params={"ensure_ascii": False})
