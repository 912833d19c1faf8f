"""Checks of a sweep before it is made."""

from collections.abc import Sequence

from recognizer.messages import gettext as _
from training.core.hyperparameters import Hyperparameters
from training.datasets.models import Dataset
from training.runs.checks import check_run
from training.sweeps.models import Sweep
from training.sweeps.options import SweepOptions
from training.sweeps.search import deciding
from training.sweeps.space.space import Space, SpaceError, apply
from training.sweeps.strategies import STRATEGIES


def check(datasets: Sequence[Dataset], base: Hyperparameters, space: Space, options: SweepOptions) -> Sweep:
    """The sweep, not saved yet, if all of it can be done.

    Raises:
        SpaceError: the space does not suit the strategy, has no trial, or has values that contradict each other.
        RunError: the data sets cannot be trained on.

    """
    check_run(datasets, base)
    strategy = STRATEGIES[options.strategy]
    sweep = _unsaved(datasets, base, space, options)
    strategy.check(space, sweep.max_trials)
    state = deciding.search_state(sweep, ())
    if options.strategy == "grid":
        points = list(state.untried(space.grid()))
        for values in points:
            check_run(datasets, apply(base, values))
        sweep.max_trials = options.limits.max_trials or len(points)
    elif not strategy.propose(state, 1):
        raise SpaceError(_("No point of this space can be trained: its values contradict each other or the recipe."))
    return sweep


def _unsaved(datasets: Sequence[Dataset], base: Hyperparameters, space: Space, options: SweepOptions) -> Sweep:
    return Sweep(
        dataset=datasets[0],
        further_datasets=[each.pk for each in datasets[1:]],
        strategy=options.strategy,
        base=base.as_dict(),
        space=space.as_dict(),
        seed=options.seed,
        objectives=list(options.objectives),
        prune=options.prune,
        max_trials=options.limits.trials_of(options.strategy, space),
        repeat_best=options.repeat_best,
        repeats=options.repeats,
        **options.limits.as_fields(),
    )
