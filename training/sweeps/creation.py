"""A new sweep: checked as a whole, then made with its first trials."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from training.core.hyperparameters import Hyperparameters
from training.datasets.models import Dataset
from training.runs import creation as runs
from training.runs.creation import RunError
from training.sweeps import proposing
from training.sweeps.errors import OptionError
from training.sweeps.models import Sweep
from training.sweeps.options import Options
from training.sweeps.spaces import Space, SpaceError, apply
from training.sweeps.strategies import STRATEGIES

DEFAULTS = Options()


def check(dataset: Dataset, base: Hyperparameters, space: Space, options: Options) -> None:
    """Find what would spoil the sweep; nothing is made.

    Raises:
        SpaceError: the space does not suit the strategy, has no trial, or has values that contradict each other.
        RunError: the data set cannot be trained on.

    """
    runs.check([dataset], base)
    STRATEGIES[options.strategy].check(space, options.limits.trials_of(options.strategy, space))
    if options.strategy == "grid":
        for values in space.grid():
            runs.check([dataset], apply(base, values))
        return
    unsaved = _unsaved(dataset, base, space, options)
    if not STRATEGIES[options.strategy].propose(proposing.search_of(unsaved, ()), 1):
        raise SpaceError(_("No point of this space can be trained: its values contradict each other or the recipe."))


def create_sweep(
    dataset: Dataset,
    base: Hyperparameters,
    space: Space,
    options: Options = DEFAULTS,
    *,
    preset: str = "",
    name: str = "",
    by: Any = None,
) -> Sweep:
    """Make a sweep and queue its first trials; with an error nothing is made.

    Args:
        dataset: what every trial trains on.
        base: what all trials share.
        space: what is varied.
        options: how it is led.
        preset: the name of the preset that `base` came from, if any.
        name: of the sweep; empty for one made of data set and hyperparameters.
        by: the user who asks.

    Raises:
        SpaceError: see `check`.
        RunError: see `check`.

    """
    check(dataset, base, space, options)
    sweep = _unsaved(dataset, base, space, options)
    sweep.name = (name.strip() or f"{dataset}: {' × '.join(space.names)}")[:80]
    sweep.preset = preset
    sweep.created_by = by if by is not None and by.is_authenticated else None
    with transaction.atomic():
        sweep.save(force_insert=True)
        proposing.advance(sweep.pk)
    sweep.refresh_from_db()
    return sweep


def _unsaved(dataset: Dataset, base: Hyperparameters, space: Space, options: Options) -> Sweep:
    return Sweep(
        dataset=dataset,
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


__all__ = ["OptionError", "Options", "RunError", "SpaceError", "check", "create_sweep"]
