"""The study: the thesis's experiments, our figures beside its own."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from training.study import story, weighted_sums
from training.study.chapters import CHAPTERS, Chapter
from training.study.errata import SLIPS
from training.study.reporting import ExperimentFigures
from training.study.results import results
from training.study.web import charts


@dataclass(frozen=True)
class ShownChapter:
    """A chapter with what is known of its experiments, and whether each has curves to show."""

    chapter: Chapter
    results: list[tuple[ExperimentFigures, bool]]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The whole study on one page."""
    found = results()
    by_name = {each["experiment"]: each for each in found}
    points = story.points(found)
    chapters = [
        ShownChapter(chapter, [(by_name[name], charts.has_curves(by_name[name])) for name in chapter.experiments])
        for chapter in CHAPTERS
    ]
    context = {
        "section": "study",
        "chapters": chapters,
        "story": points,
        "slips": SLIPS,
        "deviations": weighted_sums.DEVIATIONS,
        "figures": charts.page_charts(found, points),
    }
    return render(request, "study/index.html", context)


@require_safe
def figures_file(request: HttpRequest) -> JsonResponse:
    """All figures as JSON: rows with their runs, recipes and curves."""
    return JsonResponse({"experiments": results()}, json_dumps_params={"ensure_ascii": False})
