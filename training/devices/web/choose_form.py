"""The question: the best model under so many KB, or so many microseconds, on this device."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from training.devices.choice import measured
from training.devices.choice.front import best_within
from training.devices.choice.measured import MeasuredDevice
from training.devices.choice.points import Point
from training.devices.exports import CHIP

UNITS = {"kb": gettext_lazy("KB"), "us": gettext_lazy("µs"), "ms": gettext_lazy("ms")}
MICROSECONDS = {"us": 1.0, "ms": 1000.0}
MOST = 1e9
ALL = "all"
"""Value of the field `on` for the mean over the data sets that the project's figures are of."""


class ChoiceForm(forms.Form):
    """Device, limit, and what accuracy is meant. Nothing is required: what is left out has a default."""

    device = forms.ChoiceField(required=False, label=gettext_lazy("Device"))
    limit = forms.FloatField(
        required=False,
        localize=True,
        max_value=MOST,
        label=gettext_lazy("No more than"),
        error_messages={"invalid": gettext_lazy("Write a number, such as 60.")},
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": 8}),
    )
    unit = forms.ChoiceField(required=False, choices=[*UNITS.items()], label=gettext_lazy("Unit"))
    on = forms.ChoiceField(required=False, label=gettext_lazy("Accuracy on"))

    def __init__(self, data: Mapping[str, Any], devices: Sequence[MeasuredDevice], names: Mapping[str, str]) -> None:
        """Offer what there is."""
        super().__init__({**self._defaults(devices), **{name: value for name, value in data.items() if value}})
        choices: dict[str, Any] = {
            "device": [(each.key, named(each)) for each in devices],
            "on": [(ALL, mean_words()), *names.items()],
        }
        for name, offered in choices.items():
            field: Any = self.fields[name]
            field.choices = offered
            field.error_messages["invalid_choice"] = _("There is no “%(value)s”: choose one of the list.")

    @staticmethod
    def _defaults(devices: Sequence[MeasuredDevice]) -> dict[str, Any]:
        return {"device": devices[0].key, "unit": "kb", "on": ALL, "limit": ""}

    def clean_limit(self) -> float | None:
        """Refuse a limit that nothing can keep."""
        limit: float | None = self.cleaned_data["limit"]
        if limit is not None and not limit > 0:
            raise forms.ValidationError(_("The limit must be above 0."))
        return limit


def named(device: MeasuredDevice) -> str:
    """A device's name, with what must be known of its times."""
    return _("%(device)s (simulated)") % {"device": device.name} if device.is_simulated else device.name


def mean_words() -> str:
    """What the mean over the data sets is called."""
    return _("the mean of %(names)s") % {"names": ", ".join(measured.shipped().labels.values())}


@dataclass(frozen=True)
class ChoiceQuestion:
    """What is asked, with all defaults filled in.

    Attributes:
        device: that the model is to run on.
        limit, unit: the most it may cost; None: nothing is asked yet.
        data_sets: whose mean accuracy counts.

    """

    device: MeasuredDevice
    limit: float | None
    unit: str
    data_sets: tuple[str, ...]

    @classmethod
    def of(cls, form: ChoiceForm, devices: Sequence[MeasuredDevice]) -> "ChoiceQuestion":
        """From a form; a field that is not valid counts as left out, and no limit is asked for."""
        values = {**form._defaults(devices), **(form.cleaned_data if form.is_valid() else {})}
        device = next(each for each in devices if each.key == values["device"])
        data_sets = tuple(measured.shipped().labels) if values["on"] == ALL else (values["on"],)
        return cls(device, values["limit"] or None, values["unit"], data_sets)

    @property
    def is_of_size(self) -> bool:
        """Whether the limit is one of size, not of time."""
        return self.unit not in MICROSECONDS

    def time(self, point: Point) -> float | None:
        """Microseconds of a letter on the device."""
        return point.microseconds.get(self.device.key)

    def cost(self, point: Point) -> float:
        """In the unit of the limit."""
        return point.kilobytes if self.is_of_size else (self.time(point) or 0.0) / MICROSECONDS[self.unit]

    def gain(self, point: Point) -> float:
        """Accuracy 0…1."""
        return point.mean_accuracy(self.data_sets) or 0.0

    def candidates(self, points: Sequence[Point]) -> list[Point]:
        """Those whose accuracy is known, and whose time where time is asked for, or that have run on the chip."""
        needs_time = self.device.kind == CHIP or not self.is_of_size
        is_known: Callable[[Point], bool] = lambda each: self.time(each) is not None or not needs_time  # noqa: E731
        return [each for each in points if each.mean_accuracy(self.data_sets) is not None and is_known(each)]


@dataclass(frozen=True)
class ChoiceAnswer:
    """What to take.

    Attributes:
        best: of the catalogue; None where nothing there keeps to the limit.
        better: one that is known to read more and is not in the catalogue, or None.
        cheapest: of the catalogue, whatever the limit; None where nothing is known of the device.

    """

    best: Point | None
    better: Point | None
    cheapest: Point | None

    @classmethod
    def to(cls, question: ChoiceQuestion, points: Sequence[Point]) -> "ChoiceAnswer | None":
        """The answer; None where nothing is asked."""
        if question.limit is None:
            return None
        known = question.candidates(points)
        here = [each for each in known if each.model is not None]
        best = best_within(here, question.limit, question.cost, question.gain)
        of_all = best_within(known, question.limit, question.cost, question.gain)
        better = of_all if of_all is not None and of_all.model is None else None
        return cls(best, better, min(here, key=question.cost, default=None))
