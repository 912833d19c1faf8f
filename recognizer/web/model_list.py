"""The catalogue as a page: accuracy, size and time of the models, sorted as the address says, and drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from recognizer.models import StoredModel
from recognizer.web import model_times
from recognizer.web.presentation import accuracy_columns, cut

MODELS_ON_A_PAGE = 50
MOST_POINTS = 500
IN_SERVICE, OTHERS = 2, 1
"""Colours of the palette."""
ON = "on "
"""How the key of a column of accuracy begins; the name of the data set follows."""
RISING = ("name", "time", "size", "parameters")
"""Columns whose first order begins with the least: by names, or because less is better."""


@dataclass(frozen=True)
class ListedModel:
    """What the list must know of every model, of all pages, to sort and to draw them."""

    key: int
    name: str
    is_active: bool
    file_bytes: int
    parameters: int
    made: datetime
    accuracy: Mapping[str, float]
    time: float | None

    def value(self, column: str) -> Any:
        """What a column is sorted by; None where it has no value."""
        if column.startswith(ON):
            return self.accuracy.get(column.removeprefix(ON))
        plain = {"name": self.name.casefold(), "size": self.file_bytes, "time": self.time}
        return plain.get(column, getattr(self, column, None))


class ModelListForm(forms.Form):
    """Whose accuracy is drawn, and on which device time counts."""

    on = forms.ChoiceField(required=False, label=gettext_lazy("Accuracy on"))
    device = forms.ChoiceField(required=False, label=gettext_lazy("Time on"))

    def __init__(self, data: QueryDict, data_sets: Sequence[str], devices: Sequence[tuple[str, str]]) -> None:
        """Offer what there is; what is not there counts as not chosen."""
        on, device = data.get("on", ""), data.get("device", "")
        on = on if on in data_sets else next(iter(data_sets), "")
        device = device if device in dict(devices) else ""
        super().__init__({"on": on, "device": device})
        offered: dict[str, Any] = {
            "on": [(name, cut(name, 60)) for name in data_sets],
            "device": [("", _("no device")), *devices],
        }
        for name, choices in offered.items():
            field: Any = self.fields[name]
            field.choices = choices
        self.chosen_on, self.chosen_device = on, device


@require_safe
def models_index(request: HttpRequest) -> HttpResponse:
    """All models, the one in service first, or sorted by a column."""
    known = model_times.provider()
    devices = known.devices() if known else []
    device = request.GET.get("device", "")
    models = _listed(known.times(device) if known and device in dict(devices) else {})
    data_sets = accuracy_columns(model.accuracy for model in models)
    form = ModelListForm(request.GET, data_sets, devices)
    columns = _columns(data_sets, form)
    ordered, sort = _ordered(models, request.GET.get("sort", ""), [key for key, _label in columns])
    page = Paginator(ordered, MODELS_ON_A_PAGE).get_page(request.GET.get("page"))
    query = _query(form)
    context = {
        "section": "models",
        "page": page,
        "rows": _shown(page, data_sets),
        "form": form,
        "sort": sort,
        "heads": [_head(key, label, sort) for key, label in columns],
        "query_without_sort": query,
        "query": f"{query}{_encoded(sort=sort)}",
        "figures": _figures(models, form.chosen_on),
    }
    return render(request, "recognizer/model_list.html", context)


def _listed(times: Mapping[int, float]) -> list[ListedModel]:
    """Every model, the one in service first, then the newest: one query, which leaves the rest of the cards alone."""
    fields = ("name", "is_active", "file_bytes", "parameters")
    stored = StoredModel.objects.order_by("-is_active", "-created_at", "-pk")
    return [
        ListedModel(
            key=row["pk"],
            made=row["created_at"],
            accuracy=_shares(row["card__accuracy"]),
            time=times.get(row["pk"]),
            **{name: row[name] for name in fields},
        )
        for row in stored.values("pk", "created_at", "card__accuracy", *fields)
    ]


def _shares(accuracy: Any) -> dict[str, float]:
    """What of a card's accuracy is a share: the card may come from anybody."""
    found = accuracy.items() if isinstance(accuracy, dict) else ()
    return {name: float(share) for name, share in found if isinstance(share, int | float) and 0 <= share <= 1}


def _columns(data_sets: Sequence[str], form: ModelListForm) -> list[tuple[str, str]]:
    """Key and heading of what the table can be sorted by, in its order."""
    accuracy = [(f"{ON}{name}", _("Accuracy on %(name)s") % {"name": cut(name, 60)}) for name in data_sets]
    time = [("time", _("µs for one letter"))] if form.chosen_device else []
    others = [("size", _("KB of the whole file")), ("parameters", _("Parameters")), ("made", _("Made"))]
    return [("name", _("Name")), *accuracy, *time, *others]


def _head(key: str, label: str, sort: str) -> dict[str, Any]:
    """A heading: which order it has now, and what a click leads to: the best first, then the other way round."""
    first, other = (key, f"-{key}") if key in RISING else (f"-{key}", key)
    now = {key: "ascending", f"-{key}": "descending"}.get(sort, "")
    is_number = key not in ("name", "made")
    return {
        "label": label,
        "sorted": now,
        "is_number": is_number,
        "address": _encoded(sort=other if sort == first else first),
    }


def _ordered(models: list[ListedModel], sort: str, keys: Sequence[str]) -> tuple[list[ListedModel], str]:
    """The models in the order that is asked for, those without a value last; as they are for an unknown column."""
    column = sort.removeprefix("-")
    if column not in keys:
        return models, ""
    known = [model for model in models if model.value(column) is not None]
    rest = [model for model in models if model.value(column) is None]
    return sorted(known, key=lambda model: model.value(column), reverse=sort.startswith("-")) + rest, sort


def _shown(page: Any, data_sets: Sequence[str]) -> list[dict[str, Any]]:
    """The rows of a page: the model, its shares with the best of the page marked, its time."""
    stored = StoredModel.objects.defer("card").in_bulk([each.key for each in page])
    best = {name: max((each.accuracy.get(name, -1.0) for each in page), default=-1.0) for name in data_sets}
    return [
        {
            "model": stored[each.key],
            "accuracy": [(share := each.accuracy.get(name), share == best[name]) for name in data_sets],
            "kilobytes": each.file_bytes / 1024,
            "time": each.time,
        }
        for each in page
        if each.key in stored
    ]


def _figures(models: Sequence[ListedModel], on: str) -> dict[str, Any]:
    """The JSON of the chart of accuracy against size, as docs/pages.md has it; nothing of a single point."""
    shown = [each for each in models[:MOST_POINTS] if on in each.accuracy]
    if len(shown) < 2:
        return {}

    def points(*, active: bool) -> list[tuple[float, float, str]]:
        these = [each for each in shown if each.is_active == active]
        return [(round(each.file_bytes / 1024, 2), each.accuracy[on], each.name) for each in these]

    series = [
        {"label": "", "points": points(active=False), "color": OTHERS, "dots": True},
        {"label": _("in service"), "points": points(active=True), "color": IN_SERVICE, "dots": True},
    ]
    chart = {
        "kind": "line",
        "nearest": True,
        "x": {"label": _("KB of the whole file"), "format": "number", "log": True},
        "y": {"label": _("accuracy"), "format": "percent"},
        "series": series,
    }
    return {"charts": {"size": chart}}


def _query(form: ModelListForm) -> str:
    """What is chosen, as the tail of an address."""
    return _encoded(on=form.chosen_on, device=form.chosen_device)


def _encoded(**values: str) -> str:
    kept = QueryDict(mutable=True)
    kept.update({name: value for name, value in values.items() if value})
    return f"{kept.urlencode()}&" if kept else ""
