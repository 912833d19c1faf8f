"""The list of runs that an address describes: filters and order."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from training.core.hyperparameters import HyperparameterError
from training.datasets.models import Dataset
from training.jobs.models import State
from training.runs.models import Run, Tag
from training.runs.web.listing.run_columns import COLUMNS, with_names
from training.runs.web.listing.search_query import LONGEST, search


class FilterForm(forms.Form):
    """The filters of the list."""

    q = forms.CharField(
        required=False,
        max_length=LONGEST,
        label=_("Search"),
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "learning_rate>=0.01 optimizer=adamw"}),
        help_text=_("Words, or conditions on any hyperparameter."),
    )
    state = forms.ChoiceField(required=False, choices=[("", _("all")), *State.choices], label=_("State"))
    dataset = forms.ModelChoiceField(
        Dataset.objects.none(), required=False, to_field_name="name", empty_label=_("all"), label=_("Data set")
    )
    tag = forms.ModelChoiceField(
        Tag.objects.none(), required=False, to_field_name="name", empty_label=_("all"), label=_("Tag")
    )

    def __init__(self, data: QueryDict) -> None:
        """Offer the existing data sets and tags."""
        super().__init__(data, auto_id="filter-%s")
        for name, queryset in (("dataset", Dataset.objects.order_by("name")), ("tag", Tag.objects.all())):
            field: Any = self.fields[name]
            field.queryset = queryset

    def clean_q(self) -> str:
        """Refuse a condition that no run can meet."""
        text: str = self.cleaned_data["q"]
        try:
            search(Run.objects.none(), text)
        except HyperparameterError as error:
            raise ValidationError(str(error)) from error
        return text


@dataclass(frozen=True)
class Listing:
    """A list of runs.

    Attributes:
        runs: the matching ones, sorted, each with its data sets and tags.
        form: the filters, with their errors.
        sort: the key of the column, with a minus for the largest first, or "" for the newest first.
        query, query_without_sort: the filters as the tail of an address, empty or with `&` at its end.

    """

    runs: QuerySet[Run]
    form: FilterForm
    sort: str
    query: str
    query_without_sort: str


def listed(data: QueryDict, *, of_staff: bool) -> Listing:
    """Read an address, for one of the staff or a visitor. The form reports an invalid filter, which fits no run."""
    form = FilterForm(data)
    is_valid = form.is_valid()
    wanted = form.cleaned_data
    runs = search(Run.objects.all(), wanted.get("q", ""), of_staff=of_staff) if is_valid else Run.objects.none()
    filters = {"state": wanted.get("state"), "datasets": wanted.get("dataset"), "tags": wanted.get("tag")}
    runs = runs.filter(**{name: value for name, value in filters.items() if value})
    runs, sort = _sorted(runs, data.get("sort", ""))
    runs = with_names(runs.select_related("stored_model", "trial__sweep"))
    names = tuple(FilterForm.base_fields)
    return Listing(runs, form, sort, _tail(data, *names, "sort"), _tail(data, *names))


def _sorted(runs: QuerySet[Run], sort: str) -> tuple[QuerySet[Run], str]:
    column = COLUMNS.get(sort.removeprefix("-"))
    if column is None or not column.order:
        return runs, ""
    return runs.order_by(column.ordering(descending=sort.startswith("-")), "-pk"), sort


def _tail(data: QueryDict, *names: str) -> str:
    kept = QueryDict(mutable=True)
    for name in names:
        if value := data.get(name):
            kept[name] = str(value)
    return f"{kept.urlencode()}&" if kept else ""
