"""A new sweep: checked as a whole, then made as a whole, with all its runs queued."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from training.core.hyperparameters import Hyperparameters
from training.datasets.models import Dataset
from training.jobs import lifecycle
from training.runs import creation as runs
from training.runs.creation import RunError
from training.runs.models import Run
from training.sweeps.models import Sweep, Trial
from training.sweeps.spaces import Space, SpaceError, Values, apply
from training.sweeps.strategies import MAX_TRIALS, STRATEGIES

Plan = list[tuple[Values, Hyperparameters]]
"""The trials to be: values of the varied hyperparameters, and the whole recipe."""


def plan(
    dataset: Dataset, base: Hyperparameters, space: Space, *, strategy: str = "grid", limit: int = MAX_TRIALS
) -> Plan:
    """Choose and check all trials; nothing is made.

    Raises:
        SpaceError: an unknown strategy, too many trials, values that contradict each other.
        RunError: the data set cannot be trained on.

    """
    if strategy not in STRATEGIES:
        raise SpaceError(
            _("There is no strategy “%(name)s”; there are: %(names)s.")
            % {"name": strategy, "names": ", ".join(STRATEGIES)}
        )
    if not 1 <= limit <= MAX_TRIALS:
        raise SpaceError(
            _("A sweep has between 1 and %(most)d trials, not %(limit)d.") % {"most": MAX_TRIALS, "limit": limit}
        )
    trials = [(values, apply(base, values)) for values in STRATEGIES[strategy].propose(space, limit)]
    for _values, recipe in trials:
        runs.check([dataset], recipe)
    return trials


def create_sweep(
    dataset: Dataset,
    base: Hyperparameters,
    space: Space,
    *,
    strategy: str = "grid",
    limit: int = MAX_TRIALS,
    preset: str = "",
    name: str = "",
    by: Any = None,
) -> Sweep:
    """Make a sweep and queue its trials; with an error nothing is made.

    Args:
        dataset: what every trial trains on.
        base: what all trials share.
        space: what is varied.
        strategy: how trials are chosen: a name of `STRATEGIES`.
        limit: most trials allowed.
        preset: the name of the preset that `base` came from, if any.
        name: of the sweep; empty for one made of data set and hyperparameters.
        by: the user who asks.

    Raises:
        SpaceError: see `plan`.
        RunError: see `plan`.

    """
    trials = plan(dataset, base, space, strategy=strategy, limit=limit)
    with transaction.atomic():
        sweep = Sweep.objects.create(
            name=(name.strip() or f"{dataset}: {' × '.join(space.names)}")[:80],
            dataset=dataset,
            strategy=strategy,
            preset=preset,
            base=base.as_dict(),
            space=space.as_dict(),
            created_by=by if by is not None and by.is_authenticated else None,
        )
        _add_trials(sweep, dataset, trials, by)
    return sweep


def _add_trials(sweep: Sweep, dataset: Dataset, trials: Plan, by: Any) -> None:
    for position, (values, recipe) in enumerate(trials):
        run = runs.create_run([dataset], recipe, preset=sweep.preset, is_trial=True, by=by)
        Trial.objects.create(sweep=sweep, run=run, position=position, values=values)


def cancel(sweep: Sweep) -> int:
    """Cancel every trial that has not ended, the last first, so that none begins meanwhile; return how many."""
    return sum(lifecycle.request_cancel(run) for run in sweep.runs().reverse())


def delete(sweep: Sweep) -> None:
    """Delete a sweep with its runs. Networks of it that were put in the catalogue stay there."""
    with transaction.atomic():
        keys: Sequence[int] = list(sweep.runs().values_list("pk", flat=True))
        sweep.delete()
        Run.objects.filter(pk__in=keys).delete()


__all__ = ["RunError", "SpaceError", "cancel", "create_sweep", "delete", "plan"]
