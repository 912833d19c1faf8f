"""Hyperparameters as people read them: values as text, in their groups, and what differs from a preset."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from django.utils.formats import get_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from recognizer.templatetags.recognizer_format import percent
from training.core.hyperparameters import FIELDS, PRESET_LINES, PRESETS, Field
from training.runs import estimates
from training.runs.models import Run

GROUPS = {
    "data": gettext_noop("Data"),
    "network": gettext_noop("Network"),
    "cost": gettext_noop("Cost"),
    "optimizer": gettext_noop("Optimizer"),
    "schedule": gettext_noop("Schedule"),
    "augmentation": gettext_noop("Augmentation"),
    "run": gettext_noop("Run"),
}


def as_text(value: Any) -> str:
    """Write a hyperparameter's value as a person would type it; a form reads it back."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        separator = "-" if all(isinstance(item, int) for item in value) else ", "
        return separator.join(f"{item:g}" for item in value) or "—"
    return str(value)


def shown(value: Any) -> str:
    """Write a hyperparameter's value for a page, with the decimal sign of its language."""
    if isinstance(value, Sequence) and any(isinstance(item, float) for item in value):
        return "; ".join(shown(item) for item in value)
    text = as_text(value)
    return text.replace(".", get_format("DECIMAL_SEPARATOR")) if isinstance(value, float) else text


def preset_choices() -> list[tuple[str, Promise]]:
    """The presets for a form: name, and name with its line."""
    return [(name, format_lazy("{} – {}", name, gettext_lazy(line))) for name, line in PRESET_LINES.items()]


def preset_lines() -> list[tuple[str, SafeString]]:
    """The presets for a form in which each has its lines: name, what it is, how well it reads, how long it takes.

    How long is filled in by static/js/run_form.js, which knows the data sets.
    """
    return [(name, _preset_line(name, line)) for name, line in PRESET_LINES.items()]


def _preset_line(name: str, line: str) -> SafeString:
    accuracy = estimates.ACCURACY.get(name)
    reads = (
        _("reads %(share)s of Cyrillic-MNIST's test letters") % {"share": percent(accuracy / 100)} if accuracy else ""
    )
    return format_html(
        '<strong>{}</strong> – {}<span class="preset-figures">{}<span data-time="{}"></span></span>',
        name,
        _(line),
        reads,
        name,
    )


def grouped(run: Run) -> list[tuple[str, list[tuple[Field, str]]]]:
    """The hyperparameters of a run, by group: description and value as text."""
    known = [(field, run.hyperparameters[name]) for name, field in FIELDS.items() if name in run.hyperparameters]
    return [
        (_(GROUPS[group]), [(field, shown(value)) for field, value in fields])
        for group, fields in groupby(known, key=lambda pair: pair[0].group)
    ]


def changed(hyperparameters: Mapping[str, Any], preset: str) -> list[str]:
    """Names of those whose value is not the preset's; all of them where there is no such preset."""
    if preset not in PRESETS:
        return [name for name in FIELDS if name in hyperparameters]
    usual = PRESETS[preset].as_dict()
    return [name for name in FIELDS if name in hyperparameters and hyperparameters[name] != usual[name]]


def differences(run: Run) -> list[tuple[Field, str, str]]:
    """What differs from the run's preset: description, value, the preset's value; nothing where there is no preset."""
    if run.preset not in PRESETS:
        return []
    usual = PRESETS[run.preset].as_dict()
    names = changed(run.hyperparameters, run.preset)
    return [(FIELDS[name], shown(run.hyperparameters[name]), shown(usual[name])) for name in names]
