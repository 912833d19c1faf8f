"""Proposals of TPE for a sweep with many open trials: ours, rows and all, and Optuna's own storage.

Usage: python -m benchmarks.subjects.proposals OPEN ENDED BATCH ALONE. The state is a folder of its own, thrown away in
the end. It prints how many proposals a second of processor time come from each way to ask: BATCH at once, or ALONE
questions after one another, each of which reads the trials anew.
"""

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tests import prepared

if TYPE_CHECKING:
    from training.sweeps.models import Sweep
    from training.sweeps.space.space import Space, Values

SPACE: dict[str, Any] = {
    "learning_rate": {"low": 0.0005, "high": 0.05, "log": True},
    "l2": {"low": 0.0, "high": 1.0},
    "hidden_layers": [[128], [256], [256, 128]],
    "batch_size": [16, 32, 64],
}
BATCHED, SINGLE, OPTUNA = "ours, in one batch", "ours, one by one", "Optuna's storage on SQLite, one by one"


def main() -> None:
    """Measure in a folder of its own."""
    counts = [int(word) for word in sys.argv[1:]]
    with tempfile.TemporaryDirectory(prefix="propis-proposals-") as folder:
        os.environ.update(PROPIS_VAR=folder, DJANGO_SETTINGS_MODULE="hwrsite.settings", PROPIS_LOG_LEVEL="CRITICAL")
        shutil.copyfile(prepared.database(), Path(folder, prepared.DATABASE))
        import django  # the folder of the state must be known before the settings are read

        django.setup()
        print(json.dumps(measure(Path(folder), *counts)), flush=True)


def measure(folder: Path, waiting: int, ended: int, batch: int, alone: int) -> dict[str, float]:
    """Proposals a second of processor time by each way to ask."""
    from tests import world
    from training.sweeps.models import OPEN
    from training.sweeps.services import advance

    world.build(world.SMALL)
    sweep, points = _sweep(waiting + ended), _points(waiting + ended)
    _fill(sweep, points, waiting)

    def ask(count: int, times: int = 1) -> None:
        for _time in range(times):
            there = sweep.runs().filter(state__in=OPEN).count()
            type(sweep).objects.filter(pk=sweep.pk).update(parallel=there + count)
            advance(sweep.pk)

    study = _study(folder / "optuna.sqlite3", sweep.axes, points, waiting)
    return {
        BATCHED: batch / _seconds(lambda: ask(batch)),
        SINGLE: alone / _seconds(lambda: ask(1, alone)),
        OPTUNA: alone / _seconds(lambda: [study() for _time in range(alone)]),
    }


def _seconds(act: Callable[[], object]) -> float:
    began = time.process_time()
    act()
    return time.process_time() - began


def _sweep(trials: int) -> "Sweep":
    """A sweep that may have many trials at once; its first one is there."""
    from training.core.hyperparameters import PRESETS
    from training.datasets.models import Dataset
    from training.sweeps.options import SearchLimits, SweepOptions
    from training.sweeps.services import create_sweep
    from training.sweeps.space.space import Space
    from training.sweeps.strategies import MAX_TRIALS

    options = SweepOptions(strategy="tpe", limits=SearchLimits(max_trials=MAX_TRIALS, parallel=1))
    return create_sweep(list(Dataset.objects.all()[:1]), PRESETS["small"], Space.from_mapping(SPACE), options)


def _points(count: int) -> "list[Values]":
    """Points of the space, drawn by a seed."""
    from training.sweeps.space.space import Space

    space, rng = Space.from_mapping(SPACE), np.random.default_rng(0)
    draws = rng.random((count, len(space.names))).tolist()
    return [space.point_at(dict(zip(space.names, draw, strict=True))) for draw in draws]


def _accuracy(number: int) -> float:
    return 0.9 + 0.05 * ((number * 7919) % 1000) / 1000


def _fill(sweep: "Sweep", points: "Sequence[Values]", waiting: int) -> None:
    """Add trials after the first one: `waiting` that run, the others ended."""
    from training.jobs.models import State
    from training.runs.models import Run
    from training.sweeps.models import Trial

    first = sweep.trials.select_related("run")[0]
    shared = {"hyperparameters": first.run.hyperparameters, "letters": first.run.letters, "is_trial": True}
    keys = set(Run.objects.values_list("pk", flat=True))
    Run.objects.bulk_create(
        Run(name="trial", state=State.RUNNING, **shared)
        if number < waiting
        else Run(name="trial", state=State.SUCCEEDED, validation_accuracy=_accuracy(number), **shared)
        for number in range(len(points))
    )
    added = Run.objects.exclude(pk__in=keys).order_by("pk")
    Trial.objects.bulk_create(
        Trial(sweep=sweep, run=run, position=number + 1, values=points[number], parameters=first.parameters)
        for number, run in enumerate(added)
    )


def _study(path: Path, space: "Space", points: "Sequence[Values]", waiting: int) -> Callable[[], object]:
    """A question to a study with the same trials in Optuna's own storage, as each of many workers would ask it."""
    import optuna
    from optuna.samplers import TPESampler

    from training.sweeps.strategies.base import TrialRecord
    from training.sweeps.strategies.optuna_study import distributions, frozen

    known = distributions(space)
    records = [
        TrialRecord(values, is_open=True) if number < waiting else TrialRecord(values, figures=(_accuracy(number),))
        for number, values in enumerate(points)
    ]
    address = f"sqlite:///{path}"
    study = optuna.create_study(storage=address, direction="maximize", study_name="sweep")
    study.add_trials([frozen(space, known, record) for record in records])

    def ask() -> object:
        sampler = TPESampler(seed=0, n_startup_trials=10, constant_liar=True)
        return optuna.load_study(study_name="sweep", storage=address, sampler=sampler).ask(known).params

    return ask


if __name__ == "__main__":
    main()
