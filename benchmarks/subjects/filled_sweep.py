"""A sweep of which most trials have ended already, as far as the database can tell: nothing was trained for them.

Usage: PROPIS_VAR=… python -m benchmarks.subjects.filled_sweep TRIALS ENDED [NAME=VALUE …]; it prints its number.
Those that have ended have no start and epochs of no seconds, so that sums of time are those of the others alone.
"""

import os
import sys
from typing import TYPE_CHECKING

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hwrsite.settings")

import django

if TYPE_CHECKING:
    from training.sweeps.models import Sweep


def main() -> None:
    """Make the sweep, then the trials that have ended."""
    django.setup()
    from training.core.hyperparameters import PRESETS, Hyperparameters  # these need the settings
    from training.datasets.models import Dataset
    from training.sweeps.options import SearchLimits, SweepOptions
    from training.sweeps.services import create_sweep
    from training.sweeps.space.space import Space

    trials, ended, *changes = sys.argv[1:]
    recipe = Hyperparameters.from_mapping(dict(change.split("=", 1) for change in changes), base=PRESETS["small"])
    space = Space.from_mapping({"learning_rate": [0.001 + 1e-6 * number for number in range(int(trials))]})
    options = SweepOptions(limits=SearchLimits(max_trials=int(trials)))
    sweep = create_sweep([Dataset.objects.get()], recipe, space, options, preset="small")
    fill(sweep, int(ended))
    print(sweep.pk)


def fill(sweep: "Sweep", ended: int) -> None:
    """Add trials that have ended, after those that wait."""
    from django.utils import timezone

    from training.jobs.models import State
    from training.runs.models import Epoch, Run
    from training.sweeps.models import Trial

    points = list(sweep.axes.grid())
    first = sweep.trials.select_related("run")[0]
    made, epochs, now = sweep.trials.count(), first.run.epochs, timezone.now()
    keys = set(Run.objects.values_list("pk", flat=True))
    shared = {"hyperparameters": first.run.hyperparameters, "letters": first.run.letters, "is_trial": True}
    figures = {"state": State.SUCCEEDED, "epoch": epochs, "validation_accuracy": 0.5, "finished_at": now}
    Run.objects.bulk_create(Run(name=first.run.name, **shared, **figures) for _trial in range(ended))
    added = list(Run.objects.exclude(pk__in=keys).order_by("pk"))
    Trial.objects.bulk_create(
        Trial(sweep=sweep, run=run, position=place, values=points[place], parameters=first.parameters)
        for place, run in enumerate(added, made)
    )
    curve = {
        "train_cost": 1.0,
        "train_accuracy": 0.5,
        "validation_cost": 1.0,
        "validation_accuracy": 0.5,
        "seconds": 0.0,
    }
    Epoch.objects.bulk_create(Epoch(run=run, epoch=epoch + 1, **curve) for run in added for epoch in range(epochs))


if __name__ == "__main__":
    main()
