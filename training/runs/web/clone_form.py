"""A new run like an existing one: the initial values of its form."""

from typing import Any

from training.core.hyperparameters import PRESETS
from training.jobs.keys import key_in
from training.runs import tagging
from training.runs.defaults import DEFAULT_PRESET
from training.runs.models import Run
from training.runs.web.hyperparameter_text import changed


def like(run: Run) -> dict[str, Any]:
    """Initial values of the form of a new run that is to be like this one."""
    preset = run.preset if run.preset in PRESETS else DEFAULT_PRESET
    names = set(changed(run.hyperparameters, preset))
    typed = {name: as_typed(value) for name, value in run.hyperparameters.items() if name in names}
    datasets = run.sources.filter(dataset__isnull=False).values_list("dataset", flat=True)
    return {
        "copied_from": run.pk,
        "datasets": list(datasets),
        "shares_shown": ",".join(map(str, sorted(datasets))),
        "preset": preset,
        "teachers": list(run.teachers.filter(model__isnull=False).values_list("model", flat=True)),
        "priority": run.priority,
        "tags": tagging.as_text(run),
        **typed,
    }


def run_named(key: str) -> Run | None:
    """The run of a key that an address or a form names; None where there is none."""
    number = key_in(key)
    return None if number is None else Run.objects.filter(pk=number).first()


def as_typed(value: Any) -> str:
    """Write a value so that its field reads it back exactly."""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)
