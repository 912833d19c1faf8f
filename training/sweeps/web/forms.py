"""The forms of a sweep: a new one, more trials, one trial by hand."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from training.core.hyperparameters import FIELDS, PRESETS, HyperparameterError, Hyperparameters
from training.datasets.models import Dataset
from training.runs.checks import RunError
from training.runs.web.hyperparameter_text import preset_choices
from training.sweeps.checks import check
from training.sweeps.errors import OptionError
from training.sweeps.models import Sweep
from training.sweeps.options import PRUNERS, SearchLimits, SweepOptions
from training.sweeps.services import create_sweep
from training.sweeps.space import axis_text
from training.sweeps.space.objectives import OBJECTIVES
from training.sweeps.space.space import Space, SpaceError, check_apart
from training.sweeps.strategies import STRATEGIES
from training.sweeps.web.tables import label

EXAMPLES = {
    "learning_rate": "0.001 … 0.1 log",
    "batch_size": "15, 32, 128",
    "l2": "0, 3.5, 8",
    "integers": "256-128; 64",
    "boolean": "true, false",
}
"""Placeholders in the fields of hyperparameters, by name or by kind."""
LIMIT_NAMES = ("max_trials", "max_hours", "parallel", "target", "patience")


def _choice(words: Any, choices: Any, **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=words, choices=choices, widget=UnfoldAdminSelectWidget, **options)


def _whole(words: Any, help_text: Any = "", **options: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=words, required=False, widget=UnfoldAdminIntegerFieldWidget, help_text=help_text, **options
    )


def _number(words: Any, help_text: Any = "") -> forms.FloatField:
    return forms.FloatField(label=words, required=False, widget=UnfoldAdminDecimalFieldWidget, help_text=help_text)


def axis_field_name(name: str) -> str:
    """The name of the form's field for a hyperparameter's values."""
    return f"vary_{name}"


class LimitFields(forms.Form):
    """When a search ends."""

    max_trials = _whole(gettext_lazy("Trials at most"), gettext_lazy("Empty: all of a grid, 20 of the others."))
    max_hours = _number(gettext_lazy("Hours at most"), gettext_lazy("Pauses do not count."))
    parallel = _whole(gettext_lazy("At once at most"), gettext_lazy("Empty: as many as there are workers."))
    target = _number(
        gettext_lazy("Target accuracy"),
        gettext_lazy("On validation, such as 0.95: the sweep ends when a trial reaches it."),
    )
    patience = _whole(gettext_lazy("Trials without gain"), gettext_lazy("The sweep ends after this many."))

    def limits(self) -> SearchLimits:
        """What was typed.

        Raises:
            OptionError: one is out of bounds.

        """
        return SearchLimits(**{name: self.cleaned_data[name] for name in LIMIT_NAMES})


class ExtendForm(LimitFields):
    """Other limits for an existing sweep."""

    def clean(self) -> dict[str, Any]:
        """Check each limit; an error goes to its field."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                self.limits()
            except OptionError as error:
                self.add_error(error.option, str(error))
        return cleaned


class SweepForm(LimitFields, forms.ModelForm):  # type: ignore[type-arg]  # no generic at run time
    """A new sweep."""

    prefix = "sweep"  # unfold takes a posted field that is named "dataset" for one of its own

    dataset = forms.ModelChoiceField(
        Dataset.objects.none(), label=gettext_lazy("Data set"), widget=UnfoldAdminSelectWidget
    )
    further = forms.ModelMultipleChoiceField(
        Dataset.objects.none(),
        required=False,
        label=gettext_lazy("Further data sets"),
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=gettext_lazy("Trained on together with the first; their shares follow in this order."),
    )
    preset = _choice(gettext_lazy("Preset"), preset_choices(), initial="small")
    strategy = _choice(gettext_lazy("Strategy"), [(name, each.label) for name, each in STRATEGIES.items()])
    changes = forms.CharField(
        label=gettext_lazy("Other than in the preset"),
        required=False,
        initial="epochs=10",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=gettext_lazy("A line each, such as epochs=10."),
    )
    prune = _choice(gettext_lazy("Stop poor trials early"), list(PRUNERS.items()), required=False)
    second_objective = _choice(
        gettext_lazy("Second objective"),
        lambda: [("", "—"), *((name, each.label) for name, each in OBJECTIVES.items() if name != "accuracy")],
        required=False,
        help_text=gettext_lazy("Beside validation accuracy: less of it is better."),
    )
    seed = _whole(gettext_lazy("Seed of the search"), initial=0)
    repeat_best = _whole(gettext_lazy("Best trials repeated"), gettext_lazy("With other seeds, at the end."), initial=0)
    repeats = _whole(gettext_lazy("Repeats of each"), initial=0)

    class Meta:
        model = Sweep
        fields = ("name",)
        widgets = {"name": UnfoldAdminTextInputWidget}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the present data sets and every hyperparameter."""
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField[Dataset]", self.fields["dataset"])
        datasets = field.queryset = Dataset.objects.order_by("pk")
        cast("forms.ModelMultipleChoiceField[Dataset]", self.fields["further"]).queryset = datasets
        if len(datasets) == 1:
            field.initial = datasets[0].pk
        self.fields["name"].required = False
        self.fields["name"].help_text = _("Empty: by data set and hyperparameters.")
        for name, description in FIELDS.items():
            self.fields[axis_field_name(name)] = _axis_field(name, _(description.help))

    def clean_changes(self) -> dict[str, str]:
        """Read the lines KEY=VALUE."""
        changes = {}
        for line in filter(None, map(str.strip, self.cleaned_data["changes"].splitlines())):
            name, equals, value = line.partition("=")
            if not equals:
                raise ValidationError(_("“%(line)s” is not of the form name=value.") % {"line": line[:50]})
            if name.strip() in changes:
                raise ValidationError(_("%(name)s is named twice.") % {"name": name.strip()[:60]})
            changes[name.strip()] = value.strip()
        return changes

    def clean(self) -> dict[str, Any]:
        """Check recipe, space and options as a whole; an error goes to its field."""
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        try:
            cleaned["base"] = Hyperparameters.from_mapping(cleaned["changes"], base=PRESETS[cleaned["preset"]])
            cleaned["space"] = self._space(cleaned)
            check_apart(cleaned["space"], cleaned["changes"])
            cleaned["options"] = self._options(cleaned)
            cleaned["datasets"] = self._datasets(cleaned)
            check(cleaned["datasets"], cleaned["base"], cleaned["space"], cleaned["options"])
        except HyperparameterError as error:
            self.add_error("changes", str(error))
        except OptionError as error:
            self.add_error("second_objective" if error.option == "objectives" else error.option, str(error))
        except SpaceError as error:
            self.add_error(self._field_of(error.name, cleaned), str(error))
        except RunError as error:
            self.add_error("dataset", error.message)
        return cleaned

    @staticmethod
    def _datasets(cleaned: dict[str, Any]) -> list[Dataset]:
        """The first one, and the further ones in the order in which they are offered."""
        further = cleaned.get("further") or ()
        return [cleaned["dataset"], *(each for each in further if each != cleaned["dataset"])]

    @staticmethod
    def _space(cleaned: dict[str, Any]) -> Space:
        """The space as it was typed."""
        names = [name for name in FIELDS if cleaned.get(axis_field_name(name))]
        if not names:
            raise SpaceError(_("Give the values to try for at least one hyperparameter."))
        return Space.from_mapping({name: axis_text.parse_axis(name, cleaned[axis_field_name(name)]) for name in names})

    def _options(self, cleaned: dict[str, Any]) -> SweepOptions:
        second = (cleaned["second_objective"],) if cleaned["second_objective"] else ()
        return SweepOptions(
            strategy=cleaned["strategy"],
            seed=cleaned["seed"] or 0,
            objectives=("accuracy", *second),
            prune=cleaned["prune"],
            limits=self.limits(),
            repeat_best=cleaned["repeat_best"] or 0,
            repeats=cleaned["repeats"] or 0,
        )

    @staticmethod
    def _field_of(name: str, cleaned: dict[str, Any]) -> str | None:
        """The field at which an error about a hyperparameter is shown; None for one of the whole form."""
        return axis_field_name(name) if cleaned.get(axis_field_name(name)) else None

    def create(self, by: Any) -> Sweep:
        """Make the sweep that was described, with its first trials queued."""
        cleaned = self.cleaned_data
        return create_sweep(
            cleaned["datasets"],
            cleaned["base"],
            cleaned["space"],
            cleaned["options"],
            preset=cleaned["preset"],
            name=cleaned["name"],
            by=by,
        )


def _axis_field(name: str, help_text: str) -> forms.CharField:
    """A field for the values of one hyperparameter; empty where it is not varied."""
    field = FIELDS[name]
    example = EXAMPLES.get(name) or EXAMPLES.get(field.kind) or ", ".join(field.choices[:2])
    widget = UnfoldAdminTextInputWidget(attrs={"placeholder": example, "autocomplete": "off"})
    return forms.CharField(label=label(name), required=False, max_length=2000, widget=widget, help_text=help_text)


class TrialForm(forms.Form):
    """A trial by hand: a value for each varied hyperparameter of a sweep."""

    def __init__(self, sweep: Sweep, *args: Any, **kwargs: Any) -> None:
        """Add a field for each hyperparameter that the sweep varies."""
        super().__init__(*args, **kwargs)
        for name in sweep.axes.names:
            widget = forms.TextInput(attrs={"autocomplete": "off"})
            self.fields[name] = forms.CharField(label=label(name), max_length=200, widget=widget)
