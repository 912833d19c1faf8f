"""Tables of a sweep's page: its trials, their values, its settings."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from recognizer.templatetags.recognizer_format import percent
from training.core.hyperparameters import FIELDS
from training.jobs.models import State
from training.runs.web.hyperparameter_text import shown
from training.sweeps.models import Sweep, Trial
from training.sweeps.space import axis_text
from training.sweeps.space.objectives import OBJECTIVES


def label(name: str) -> str:
    """A hyperparameter as a table names it: `Learning rate η`."""
    field = FIELDS.get(name)
    return f"{_(field.label)} {field.symbol}".strip() if field else name


def accuracy(trial: Trial) -> float | None:
    """Validation accuracy of the last epoch; None before the first one, and if the run failed."""
    return None if trial.run.state == State.FAILED else trial.run.validation_accuracy


def trial_rows(sweep: Sweep, trials: Sequence[Trial]) -> list[tuple[Trial, list[str]]]:
    """Trials with their values as text, in the order of the space."""
    return [(trial, [shown(trial.values[name]) for name in sweep.space]) for trial in trials]


def named_values(sweep: Sweep, trial: Trial) -> list[tuple[str, str]]:
    """The varied hyperparameters of a trial: name and value."""
    return [(label(name), shown(trial.values[name])) for name in sweep.space]


def shared_values(sweep: Sweep) -> list[tuple[str, str]]:
    """What all trials share: name and value of every hyperparameter that is not varied."""
    return [(label(name), shown(sweep.base[name])) for name in FIELDS if name in sweep.base and name not in sweep.space]


def settings_rows(sweep: Sweep) -> list[tuple[str, str]]:
    """The sweep's settings: its space, and those of limits, objectives, pruning and repeats that were chosen."""
    rows: list[tuple[str, str | None]] = [
        (label(name), axis_text.format_axis(axis)) for name, axis in sweep.space.items()
    ]
    rows += [
        (_("trials at most"), str(sweep.max_trials) if sweep.max_trials else None),
        (_("hours at most"), shown(sweep.max_hours) if sweep.max_hours else None),
        (_("at once at most"), str(sweep.parallel) if sweep.parallel else None),
        (_("target accuracy"), percent(sweep.target, 2) if sweep.target else None),
        (_("trials without gain"), str(sweep.patience) if sweep.patience else None),
        (_("objectives"), ", ".join(str(OBJECTIVES[name].label) for name in sweep.objective_names)),
        (_("pruning"), str(sweep.get_prune_display()) if sweep.prune else None),
        (_("seed of the search"), str(sweep.seed) if sweep.strategy != "grid" else None),
        (_("best trials repeated"), f"{sweep.repeat_best} × {sweep.repeats}" if sweep.repeats else None),
    ]
    return [(name, text) for name, text in rows if text is not None]
