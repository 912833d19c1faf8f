"""The form of a new sweep: a recipe, and two hyperparameters with the values to try."""

import re
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from training.core.hyperparameters import FIELDS, PRESETS, HyperparameterError, Hyperparameters
from training.datasets.models import Dataset
from training.runs.creation import RunError
from training.sweeps.creation import create_sweep, plan
from training.sweeps.models import Sweep
from training.sweeps.spaces import Space, SpaceError
from training.sweeps.strategies import STRATEGIES
from training.sweeps.tables import label

VARIED = ("first", "second")
Choices = list[tuple[str, Any]]


def _hyperparameters() -> Choices:
    return [("", "—"), *((name, label(name)) for name in FIELDS)]


def _choice(words: Any, choices: Any, **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=words, choices=choices, widget=UnfoldAdminSelectWidget, **options)


def _text(words: Any, **options: Any) -> forms.CharField:
    return forms.CharField(label=words, widget=UnfoldAdminTextInputWidget, **options)


class SweepForm(forms.ModelForm):  # type: ignore[type-arg]  # no generic at run time
    """A new sweep."""

    prefix = "sweep"  # unfold takes a posted field that is named "dataset" for one of its own

    dataset = forms.ModelChoiceField(
        Dataset.objects.none(), label=gettext_lazy("Data set"), widget=UnfoldAdminSelectWidget
    )
    preset = _choice(gettext_lazy("Preset"), [(name, name) for name in PRESETS], initial="small")
    strategy = _choice(gettext_lazy("Strategy"), [(name, each.label) for name, each in STRATEGIES.items()])
    first = _choice(gettext_lazy("First hyperparameter"), _hyperparameters, initial="learning_rate")
    first_values = _text(gettext_lazy("Its values"), help_text=gettext_lazy("Apart by commas, such as 0.1, 0.01."))
    second = _choice(gettext_lazy("Second hyperparameter"), _hyperparameters, required=False, initial="batch_size")
    second_values = _text(
        gettext_lazy("Its values"), required=False, help_text=gettext_lazy("Layers are written 256-128, 512-256.")
    )
    changes = forms.CharField(
        label=gettext_lazy("Other than in the preset"),
        required=False,
        initial="epochs=10",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=gettext_lazy("A line each, such as epochs=10."),
    )

    class Meta:
        model = Sweep
        fields = ("name",)
        widgets = {"name": UnfoldAdminTextInputWidget}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the data sets that are there now."""
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField[Dataset]", self.fields["dataset"])
        datasets = field.queryset = Dataset.objects.order_by("pk")
        if len(datasets) == 1:
            field.initial = datasets[0].pk
        self.fields["name"].required = False
        self.fields["name"].help_text = _("Empty: by data set and hyperparameters.")

    def clean_changes(self) -> dict[str, str]:
        """Read the lines KEY=VALUE."""
        changes = {}
        for line in filter(None, map(str.strip, self.cleaned_data["changes"].splitlines())):
            name, equals, value = line.partition("=")
            if not equals:
                raise ValidationError(_("“%(line)s” is not of the form name=value.") % {"line": line[:50]})
            changes[name.strip()] = value.strip()
        return changes

    def clean(self) -> dict[str, Any]:
        """Check recipe and space as a whole; an error goes to its field."""
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        try:
            cleaned["base"] = Hyperparameters.from_mapping(cleaned["changes"], base=PRESETS[cleaned["preset"]])
        except HyperparameterError as error:
            self.add_error("changes", str(error))
            return cleaned
        try:
            cleaned["space"] = Space.from_mapping(self._space(cleaned))
            plan(cleaned["dataset"], cleaned["base"], cleaned["space"], strategy=cleaned["strategy"])
        except SpaceError as error:
            self.add_error(self._field_of(error.name, cleaned), str(error))
        except RunError as error:
            self.add_error("dataset", error.message)
        return cleaned

    @staticmethod
    def _space(cleaned: dict[str, Any]) -> dict[str, list[str]]:
        """The space as it was typed."""
        if cleaned["first"] == cleaned["second"]:
            raise SpaceError(_("Choose two different hyperparameters."), cleaned["second"])
        typed = {cleaned[each]: _split(cleaned[f"{each}_values"]) for each in VARIED if cleaned[each]}
        if not cleaned["second"] and cleaned["second_values"]:
            raise SpaceError(_("Choose the hyperparameter that these values are of."), "")
        return typed

    @staticmethod
    def _field_of(name: str, cleaned: dict[str, Any]) -> str:
        """The field of the form at which an error about a hyperparameter is shown."""
        return "second_values" if name in (cleaned["second"], "") else "first_values"

    def create(self, by: Any) -> Sweep:
        """Make the sweep that was described, with its runs queued."""
        cleaned = self.cleaned_data
        return create_sweep(
            cleaned["dataset"],
            cleaned["base"],
            cleaned["space"],
            strategy=cleaned["strategy"],
            preset=cleaned["preset"],
            name=cleaned["name"],
            by=by,
        )


def _split(text: str) -> list[str]:
    """Values apart by commas, semicolons or lines."""
    return [part for part in (each.strip() for each in re.split(r"[,;\n]", text)) if part]
