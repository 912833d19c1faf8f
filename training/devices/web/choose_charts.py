"""Accuracy against size and against time: for the page (Chart.js), as files (matplotlib), and as a table."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from recognizer import plotting
from recognizer.palette import LIGHT, TEXT
from training.devices.choice.front import front
from training.devices.choice.points import Point
from training.devices.web.choose_form import ChoiceQuestion

FRONT, CHOSEN, OTHERS = 1, 2, 6
"""Colours of the palette: the accent, its complement, and the palest."""
DIGITS = 6
AGAINST = ("size", "time")

Cost = Callable[[Point], float]


def against(what: str, question: ChoiceQuestion, points: Sequence[Point]) -> tuple[list[Point], Cost, str]:
    """The points of a chart, what they cost, and the words of its axis."""
    known = [each for each in points if each.mean_accuracy(question.data_sets) is not None]
    if what == "size":
        return known, lambda each: each.kilobytes, _("KB of the whole file")
    timed = [each for each in known if question.time(each) is not None]
    return timed, lambda each: question.time(each) or 0.0, _("µs for one letter")


def page_data(question: ChoiceQuestion, points: Sequence[Point], chosen: Point | None) -> dict[str, Any]:
    """The JSON of both charts, as docs/pages.md has it."""
    return {"charts": {what: _chart(what, question, points, chosen) for what in AGAINST}}


def _chart(what: str, question: ChoiceQuestion, points: Sequence[Point], chosen: Point | None) -> dict[str, Any]:
    shown, cost, words = against(what, question, points)
    best = front(shown, cost, question.gain)

    def triples(some: Sequence[Point]) -> list[tuple[float, float, str]]:
        return [(round(cost(each), DIGITS), round(question.gain(each), DIGITS), each.name) for each in some]

    series = [
        {"label": "", "points": triples([each for each in shown if each not in best]), "color": OTHERS, "dots": True},
        {"label": _("front"), "points": triples(best), "color": FRONT, "marked": True, "stepped": True},
        {"label": "", "points": triples([chosen] if chosen in shown and chosen else []), "color": CHOSEN, "dots": True},
    ]
    return {
        "kind": "line",
        "nearest": True,
        "x": {"label": words, "format": "number", "log": True},
        "y": {"label": _("accuracy"), "format": "percent"},
        "series": series,
    }


def draw(what: str, question: ChoiceQuestion, points: Sequence[Point], file_format: str) -> bytes:
    """One chart as a file: `svg` or `png`."""
    shown, cost, words = against(what, question, points)
    best = front(shown, cost, question.gain)
    axes = plotting.new_axes(8, 5)
    axes.scatter([cost(each) for each in shown], [100 * question.gain(each) for each in shown], color=LIGHT[OTHERS - 1])
    gains = [100 * question.gain(each) for each in best]
    axes.plot([cost(each) for each in best], gains, "o-", drawstyle="steps-post", color=LIGHT[FRONT - 1])
    for each in best:
        place = (cost(each), 100 * question.gain(each))
        axes.annotate(each.name, place, (5, -11), textcoords="offset points", fontsize=8, color=TEXT)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.set_xlabel(words, color=TEXT)
    axes.set_ylabel(_("accuracy, %"), color=TEXT)
    axes.spines[:].set_visible(False)
    return plotting.written(axes, file_format)


def table(question: ChoiceQuestion, points: Sequence[Point]) -> Iterator[Sequence[Any]]:
    """A head, and a row for each model."""
    data_sets = list(dict.fromkeys(name for each in points for name in each.accuracy))
    yield ["model", "precision", "layers", "bytes", "microseconds", "device", "figures", *data_sets]
    for each in points:
        origin = "with the project" if each.is_measured else "card"
        shares = [each.accuracy.get(name) for name in data_sets]
        time = question.time(each)
        device = question.device.name if time is not None else ""
        yield [each.name, each.precision, each.shape, each.file_bytes, time, device, origin, *shares]
