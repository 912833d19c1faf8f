"""A sweep for other programs: as JSON and as a table."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from training.sweeps.models import Sweep, Trial, TrialKind
from training.sweeps.search import pareto
from training.sweeps.search.repeats import repeated_trials

COLUMNS = ("trial", "kind", "run", "state", "epochs", "validation_accuracy", "best_validation_accuracy", "parameters")
TIMES = ("inference_seconds", "started_at", "finished_at", "seconds", "error")


def as_json(sweep: Sweep) -> dict[str, Any]:
    """Everything: what was chosen, what was found, every trial in order."""
    trials = list(sweep.trials.select_related("run", "repeat_of"))
    best = sweep.best()
    searched = [trial for trial in trials if trial.kind != TrialKind.REPEAT]
    front = pareto.front(sweep.objective_names, searched)
    return {
        "sweep": sweep.pk,
        "name": sweep.name,
        "state": sweep.progress.state.value,
        "reason": sweep.reason or None,
        "strategy": sweep.strategy,
        "objectives": list(sweep.objective_names),
        "space": sweep.space,
        "best": _trial(best) if best else None,
        "front": [trial.run_id for trial in front] if len(sweep.objective_names) > 1 else None,
        "repeats": [
            {"run": each.trial.run_id, "accuracies": each.accuracies, "mean": each.mean, "spread": each.spread}
            for each in repeated_trials(trials)
        ],
        "trials": [_trial(trial) for trial in trials],
    }


def _trial(trial: Trial) -> dict[str, Any]:
    run = trial.run
    return {
        "trial": trial.position,
        "kind": trial.kind,
        "run": run.pk,
        "state": run.state,
        "values": trial.values,
        "seed": run.seed,
        "epochs": run.epoch,
        "validation_accuracy": run.validation_accuracy,
        "best_validation_accuracy": run.best_validation_accuracy,
        "parameters": trial.parameters,
        "inference_seconds": trial.inference_seconds,
        "started_at": run.started_at.isoformat() if run.started_at else None,
        "finished_at": run.finished_at.isoformat() if run.finished_at else None,
        "seconds": run.seconds,
        "error": run.error or None,
    }


def table(sweep: Sweep) -> Iterator[Sequence[Any]]:
    """A head, and a row for each trial: its place and state, its values, its figures and times."""
    names = list(sweep.axes.names)
    yield [*COLUMNS, "seed", *names, *TIMES]
    for trial in sweep.trials.select_related("run"):
        row = _trial(trial)
        values = [_csv_value(trial.values.get(name)) for name in names]
        yield [*(row[column] for column in COLUMNS), row["seed"], *values, *(row[each] for each in TIMES)]


def _csv_value(value: Any) -> Any:
    """A value as a spreadsheet takes it: layers as 256-128."""
    if isinstance(value, list):
        return "-".join(map(str, value))
    return json.dumps(value) if isinstance(value, bool) else value
