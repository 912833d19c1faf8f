"""The form of a new run, built from the table of hyperparameters: an empty field takes the preset's value."""

import json
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from recognizer.models import StoredModel
from training.core.hyperparameters import FIELDS, PRESETS, Field, HyperparameterError, Hyperparameters
from training.datasets.content.splitting import Split
from training.datasets.models import Dataset
from training.runs import estimates
from training.runs.checks import RunError, check_name, check_run
from training.runs.defaults import DEFAULT_PRESET
from training.runs.hyperparameter_terms import TERM_OF
from training.runs.models import Evaluation, Run
from training.runs.services import create_run
from training.runs.web import shares
from training.runs.web.clone_form import run_named
from training.runs.web.hyperparameter_text import as_text, preset_choices, preset_lines
from training.runs.web.notes_form import TagsField


class HyperparameterField(forms.Field):
    """One hyperparameter, checked by its own description. Empty is None."""

    def __init__(self, description: Field) -> None:
        """Take label, help and widget from the description."""
        self.description = description
        super().__init__(
            required=False, label=_label(description), help_text=_help(description), widget=_widget(description)
        )

    def clean(self, value: Any) -> Any:
        """Read the value in its own type.

        Raises:
            ValidationError: of the wrong kind, or out of bounds.

        """
        text = str(value or "").strip()
        if not text:
            return None
        try:
            return self.description.parse(text.replace(",", ".") if self.description.kind == "number" else text)
        except HyperparameterError as error:
            raise ValidationError(_sentence(error.message)) from error


def _sentence(message: str) -> str:
    said = str(message)
    return said[:1].upper() + said[1:]


def _label(description: Field) -> str:
    return f"{_(description.label)} {description.symbol}".strip()


def _help(description: Field) -> str:
    """The description's help, its bounds and its reference, and the glossary where it explains the word."""
    parts = [_(description.help)]
    if description.minimum is not None and description.maximum is not None:
        parts.append(f"{_bound(description.minimum)} … {_bound(description.maximum)}.")
    if description.reference:
        reference = description.reference.replace("thesis", _("thesis"))
        parts.append(f"({reference})")
    text = " ".join(parts)
    if description.name not in TERM_OF:
        return text
    address = f"{reverse('recognizer:glossary')}#{TERM_OF[description.name]}"
    return format_html('{} <a class="underline" href="{}" target="_blank">{}</a>', text, address, _("Glossary"))


def _bound(value: float) -> str:
    """Write a bound as a person would: 1,000,000 and 1e-07."""
    return str(number_format(int(value), force_grouping=True)) if value == int(value) else f"{value:g}"


def _choices(description: Field, empty: str) -> list[tuple[str, Any]]:
    """The choices of a list; the first stands for the preset's value."""
    if description.kind == "boolean":
        return [("", empty), ("true", gettext_lazy("yes")), ("false", gettext_lazy("no"))]
    return [("", empty), *((choice, choice) for choice in description.choices)]


def _widget(description: Field) -> forms.Widget:
    widget: forms.Widget
    if description.kind in ("choice", "boolean"):
        widget = UnfoldAdminSelectWidget(choices=_choices(description, ""))
    else:
        numeric = {"inputmode": "decimal"} if description.kind in ("integer", "number") else {}
        widget = UnfoldAdminTextInputWidget(attrs={"autocomplete": "off", **numeric})
    return widget


def _as_in_preset(preset: str) -> dict[str, str]:
    """Every hyperparameter's value in the preset, as text."""
    return {name: as_text(value) for name, value in PRESETS[preset].as_dict().items()}


class TeachersField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # no generic at run time
    """Models, each named with what decides whether it can be a teacher."""

    def label_from_instance(self, obj: StoredModel) -> str:
        """Name, layers, inputs."""
        return f"{obj.name} · {obj.architecture} · {obj.ink_specification}"


class RunForm(forms.ModelForm):  # type: ignore[type-arg]  # no generic at run time
    """A new run."""

    datasets = forms.ModelMultipleChoiceField(
        Dataset.objects.none(),
        label=gettext_lazy("Data sets"),
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=gettext_lazy("Several are trained on together; their shares follow in this order."),
        error_messages={"required": gettext_lazy("Choose at least one data set.")},
    )
    preset = forms.ChoiceField(
        choices=preset_choices(),
        label=gettext_lazy("Preset"),
        initial=DEFAULT_PRESET,
        widget=UnfoldAdminRadioSelectWidget,
        help_text=gettext_lazy("A whole recipe. Whatever you leave empty under “More” is taken from the preset."),
    )
    model_name = forms.CharField(
        required=False,
        label=gettext_lazy("Name of the model"),
        widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy("Empty: by data sets and layers."),
    )

    teachers = TeachersField(
        StoredModel.objects.none(),
        required=False,
        label=gettext_lazy("Teachers"),
        widget=UnfoldAdminSelectMultipleWidget,
        help_text=gettext_lazy(
            "Models of the same letters and ink specification, from which this one learns; Ctrl chooses several."
        ),
    )
    tags = TagsField()
    copied_from = forms.CharField(required=False, label="", widget=forms.HiddenInput)
    """The run that it is a changed copy of; one that was deleted meanwhile counts for none."""
    shares_shown = forms.CharField(required=False, label="", widget=forms.HiddenInput)
    """The data sets for which the shares in the form are meant: others are offered theirs before a run is made."""

    class Meta:
        model = Run
        fields = ("priority", "notes")
        widgets = {"priority": UnfoldAdminIntegerFieldWidget, "notes": UnfoldAdminTextareaWidget(attrs={"rows": 3})}

    class Media:
        js = (forms.Script("js/run_form.js", type="module"),)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the existing data sets, and show the preset's values."""
        super().__init__(*args, **kwargs)
        datasets = Dataset.objects.order_by("pk")
        field = cast("forms.ModelMultipleChoiceField[Dataset]", self.fields["datasets"])
        field.queryset = datasets
        if len(datasets) == 1:
            field.initial = [datasets[0].pk]
        cast("TeachersField", self.fields["teachers"]).queryset = StoredModel.objects.order_by("name")
        for name, description in FIELDS.items():
            self.fields[name] = HyperparameterField(description)
        self.fields["shares_shown"].widget.attrs["data-shares"] = reverse("runs:shares")
        self._show_preset()

    def _show_preset(self) -> None:
        """Show the preset's value in each empty field; static/js/run_form.js does so when another preset is chosen."""
        chosen = self["preset"].value()
        values = _as_in_preset(chosen if chosen in PRESETS else DEFAULT_PRESET)
        for name, description in FIELDS.items():
            widget = self.fields[name].widget
            if isinstance(widget, forms.Select):
                widget.choices = _choices(description, _("as in the preset: %(value)s") % {"value": values[name]})
            else:
                widget.attrs["placeholder"] = values[name]
        cast("forms.ChoiceField", self.fields["preset"]).choices = preset_lines()
        self.fields["shares_shown"].widget.attrs["data-presets"] = json.dumps(self._words(), ensure_ascii=False)

    def _words(self) -> dict[str, Any]:
        """What static/js/run_form.js shows: the presets, how long they train, and what the recipe's summary says."""
        datasets = cast("forms.ModelMultipleChoiceField[Dataset]", self.fields["datasets"]).queryset
        return {
            "preset": _("as in the preset: %(value)s") % {"value": "{value}"},
            "presets": {name: _as_in_preset(name) for name in PRESETS},
            "labels": {name: _(description.label) for name, description in FIELDS.items()},
            "images": {dataset.pk: dataset.size(Split.TRAIN) for dataset in datasets or ()},
            "times": estimates.as_data(estimates.estimates()),
            "measured": _("about {time} here, by earlier runs"),
            "counted": _("roughly {time}, by the number of operations"),
            "units": [_("s"), _("min"), _("h")],
            "title": _("The recipe as it will run"),
            "same": _("Exactly as in the preset."),
            "differs": _("Other than in the preset:"),
            "instead": _("instead of {value}"),
            "whole": _("The whole recipe"),
        }

    def clean_model_name(self) -> str:
        """Refuse a name that is not allowed."""
        name: str = self.cleaned_data["model_name"].strip()
        try:
            return check_name(name)
        except RunError as error:
            raise ValidationError(error.message) from error

    def clean(self) -> dict[str, Any]:
        """Check the recipe as a whole, and with the data sets; an error goes to its field."""
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        try:
            cleaned["hyperparameters"] = self._hyperparameters(cleaned)
            check_run(list(cleaned["datasets"]), cleaned["hyperparameters"], list(cleaned["teachers"]))
            self._offer_shares(cleaned)
        except (HyperparameterError, RunError) as error:
            self.add_error(error.field, _sentence(error.message))
        return cleaned

    def _offer_shares(self, cleaned: dict[str, Any]) -> None:
        """Show shares that fit these data sets, where the form does not show them yet (static/js/run_form.js does)."""
        key = shares.key_of(cleaned["datasets"])
        values = (
            {} if cleaned["shares_shown"] == key else shares.offered(cleaned["datasets"], cleaned["hyperparameters"])
        )
        if not values:
            return
        data = cast("QueryDict", self.data).copy()
        for name, value in {"shares_shown": key, **values}.items():
            data[name] = value
        self.data = data
        words = _(
            "Letters of people and synthetic ones together need shares. These fit: change them, or send them as is."
        )
        self.add_error("source_weights", words)

    @staticmethod
    def _hyperparameters(cleaned: dict[str, Any]) -> Hyperparameters:
        changes = {name: cleaned[name] for name in FIELDS if cleaned[name] is not None}
        return Hyperparameters.from_mapping(changes, base=PRESETS[cleaned["preset"]])

    def create(self, by: Any) -> Run:
        """Create and queue the run."""
        cleaned = self.cleaned_data
        datasets: QuerySet[Dataset] = cleaned["datasets"]
        return create_run(
            list(datasets),
            cleaned["hyperparameters"],
            teachers=list(cleaned["teachers"]),
            preset=cleaned["preset"],
            name=cleaned["model_name"],
            priority=cleaned.get("priority", 0),
            notes=cleaned["notes"],
            tags=cleaned["tags"],
            parent=run_named(cleaned["copied_from"]),
            by=by,
        )


class EvaluationForm(forms.ModelForm):  # type: ignore[type-arg]  # no generic at run time
    """A new evaluation."""

    prefix = "evaluation"
    """The admin's theme takes a posted field named `dataset` for one of its own."""

    class Meta:
        model = Evaluation
        fields = ("model", "dataset", "split")
