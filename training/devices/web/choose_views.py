"""Choosing a model: the page, its charts as files, and a model in each format."""

import io
from dataclasses import dataclass
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from recognizer import csv_files, plotting
from recognizer.exports.errors import ExportError
from recognizer.models import StoredModel
from training.devices.choice import measured
from training.devices.choice.front import front
from training.devices.choice.points import Point, devices, points
from training.devices.exports import FORMATS, formats_for, written
from training.devices.web import choose_charts
from training.devices.web.choose_form import ChoiceAnswer, ChoiceForm, ChoiceQuestion, named

MOST_DATA_SETS = 20


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    point: Point
    accuracy: list[float | None]
    microseconds: float | None
    is_best: bool


@dataclass(frozen=True)
class Page:
    """What was asked, and what is known."""

    form: ChoiceForm
    question: ChoiceQuestion
    points: list[Point]
    data_sets: dict[str, str]

    @classmethod
    def of(cls, request: HttpRequest) -> "Page":
        """From an address."""
        known, offered = points(), devices()
        data_sets = _data_sets(known)
        form = ChoiceForm(request.GET.dict(), offered, data_sets)
        return cls(form, ChoiceQuestion.of(form, offered), known, data_sets)

    def rows(self) -> list[Row]:
        """The table: every model with an accuracy, those of either front marked."""
        best = set()
        for what in choose_charts.AGAINST:
            shown, cost, _words = choose_charts.against(what, self.question, self.points)
            best |= {id(each) for each in front(shown, cost, self.question.gain)}
        names = list(self.data_sets)
        return [
            Row(each, [each.accuracy.get(name) for name in names], self.question.time(each), id(each) in best)
            for each in self.points
            if each.accuracy
        ]


def _data_sets(known: list[Point]) -> dict[str, str]:
    """What accuracy is known of, by name: those of the project's figures first."""
    labels = dict(measured.shipped().labels)
    others = sorted({name for each in known for name in each.accuracy} - set(labels))
    return {**labels, **{name: name[:60] for name in others[: MOST_DATA_SETS - len(labels)]}}


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """The charts, the table, the form and its answer."""
    page = Page.of(request)
    answer = ChoiceAnswer.to(page.question, page.points)
    best = answer.best if answer else None
    context = {
        "section": "models",
        "form": page.form,
        "question": page.question,
        "answer": answer,
        "rows": page.rows(),
        "data_sets": list(page.data_sets.values()),
        "device": named(page.question.device),
        "images": _images(),
        **_of_answer(answer, page),
        "is_timed": any(page.question.time(each) is not None for each in page.points),
        "figures": choose_charts.page_data(page.question, page.points, best),
        "measured": measured.shipped(),
        "query": request.GET.urlencode(),
    }
    return render(request, "devices/choose.html", context, status=200 if page.form.is_valid() else 400)


def _of_answer(answer: ChoiceAnswer | None, page: Page) -> dict[str, Any]:
    """What the answer's card shows beside the model's own figures."""
    if answer is None or answer.best is None or answer.best.model is None:
        cheapest = answer.cheapest if answer else None
        return {"cheapest_time": None if cheapest is None else page.question.time(cheapest)}
    best = answer.best
    labels = {name: label for name, label in page.data_sets.items() if name in page.question.data_sets}
    return {
        "formats": formats_for(answer.best.model, page.question.device.kind),
        "best_shares": [(label, best.accuracy[name]) for name, label in labels.items()],
        "best_time": page.question.time(best),
    }


def _images() -> list[str]:
    """How many test pictures the project's own figures are of."""
    found = measured.shipped()
    return [
        ngettext("%(name)s: %(count)d test picture", "%(name)s: %(count)d test pictures", count)
        % {"name": found.labels[name], "count": count}
        for name, count in found.images.items()
    ]


@require_safe
def chart_file(request: HttpRequest, what: str, file_format: str) -> HttpResponseBase:
    """A chart as SVG or PNG, or the table as CSV, for what the address asks."""
    page = Page.of(request)
    if not page.form.is_valid():
        raise Http404
    if file_format == "csv":
        return csv_files.response(choose_charts.table(page.question, page.points), "models.csv", request.GET)
    content = choose_charts.draw(what, page.question, page.points, file_format)
    response = HttpResponse(content, content_type=plotting.FORMATS[file_format])
    response["Content-Disposition"] = f'attachment; filename="accuracy-{what}.{file_format}"'
    return response


@require_safe
def export(request: HttpRequest, pk: int, export_format: str) -> HttpResponseBase:
    """A model of the catalogue in one of the formats."""
    model = get_object_or_404(StoredModel, pk=pk)
    if export_format not in FORMATS:
        raise Http404
    wanted = FORMATS[export_format]
    try:
        content = written(model, wanted)
    except FileNotFoundError:
        raise Http404(_("The file of this model is missing.")) from None
    except ExportError as error:
        return render(request, "400.html", {"section": "models", "reason": str(error)}, status=400)
    file_name = f"{slugify(model.name, allow_unicode=True) or f'model-{model.pk}'}{wanted.ending}"
    return FileResponse(io.BytesIO(content), as_attachment=True, filename=file_name, content_type=wanted.content_type)
