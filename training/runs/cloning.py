"""A new run like one that is there: what its form begins with."""

from typing import Any

from training.core.hyperparameters import PRESETS
from training.runs import tagging
from training.runs.models import Run
from training.runs.presentation import DEFAULT_PRESET, differing


def like(run: Run) -> dict[str, Any]:
    """What the form of a new run begins with when it is to be like this one."""
    preset = run.preset if run.preset in PRESETS else DEFAULT_PRESET
    names = set(differing(run.hyperparameters, preset))
    changed = {name: as_typed(value) for name, value in run.hyperparameters.items() if name in names}
    datasets = run.sources.filter(dataset__isnull=False).values_list("dataset", flat=True)
    return {
        "datasets": list(datasets),
        "preset": preset,
        "teachers": list(run.teachers.filter(model__isnull=False).values_list("model", flat=True)),
        "priority": run.priority,
        "tags": tagging.as_text(run),
        **changed,
    }


def as_typed(value: Any) -> str:
    """Write a value so that its field reads it back exactly."""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)
