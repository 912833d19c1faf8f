"""Strategies of Optuna by its ask-and-tell interface. Our database is the only store: the study is rebuilt each time.

A sampler is seeded by the sweep's seed and the trial's number, so the same past gives the same proposal.
"""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import optuna
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.samplers import BaseSampler, NSGAIISampler, TPESampler
from optuna.study import Study, StudyDirection
from optuna.trial import FrozenTrial, TrialState, create_trial

from training.sweeps.space.axes import Axis, Range
from training.sweeps.space.space import Space, Values
from training.sweeps.strategies.base import Proposal, SearchState, TrialRecord
from training.sweeps.strategies.random_sampling import first_untried, random_points

optuna.logging.set_verbosity(optuna.logging.WARNING)
MAX_ASKS = 20
"""After this many proposals that were tried before, a random new point is taken."""
Distributions = dict[str, BaseDistribution]
MakeSampler = Callable[[int], BaseSampler]
"""From a seed."""


def distributions(space: Space) -> Distributions:
    """The space in Optuna's words. A choice is written as JSON: Optuna takes no lists."""
    return {name: _distribution(axis) for name, axis in space.axes}


def _distribution(axis: Axis) -> BaseDistribution:
    if not isinstance(axis, Range):
        return CategoricalDistribution([json.dumps(value) for value in axis.values])
    if axis.integer:
        return IntDistribution(int(axis.low), int(axis.high), log=axis.log)
    return FloatDistribution(axis.low, axis.high, log=axis.log)


def _to_optuna(space: Space, values: Values) -> dict[str, Any]:
    return {name: values[name] if isinstance(axis, Range) else json.dumps(values[name]) for name, axis in space.axes}


def _from_optuna(space: Space, parameters: dict[str, Any]) -> Values:
    return {
        name: parameters[name] if isinstance(axis, Range) else json.loads(parameters[name]) for name, axis in space.axes
    }


def _is_inside(space: Space, known: Distributions, values: Values) -> bool:
    """Whether a point lies in the space: one that was added by hand may not, and Optuna cannot be told of it."""
    parameters = _to_optuna(space, values)
    return all(
        distribution._contains(distribution.to_internal_repr(parameters[name]))
        for name, distribution in known.items()
        if isinstance(distribution, FloatDistribution | IntDistribution)
    ) and all(
        parameters[name] in distribution.choices
        for name, distribution in known.items()
        if isinstance(distribution, CategoricalDistribution)
    )


def frozen(space: Space, known: Distributions, trial: TrialRecord) -> FrozenTrial:
    """A trial as Optuna keeps it; `known` are the space's distributions."""
    shared: dict[str, Any] = {
        "params": _to_optuna(space, trial.values),
        "distributions": known,
        "system_attrs": trial.attributes,
    }
    if trial.is_open:
        return create_trial(state=TrialState.RUNNING, **shared)
    if trial.figures is not None:
        return create_trial(state=TrialState.COMPLETE, values=list(trial.figures), **shared)
    if trial.pruned_at is not None:
        return create_trial(state=TrialState.PRUNED, intermediate_values=dict([trial.pruned_at]), **shared)
    return create_trial(state=TrialState.FAIL, **shared)


def rebuilt(search: SearchState, sampler: BaseSampler | None = None) -> Study:
    """The study of all trials so far, in memory."""
    directions = [StudyDirection.MAXIMIZE if more else StudyDirection.MINIMIZE for more in search.maximise]
    study = optuna.create_study(directions=directions, sampler=sampler)
    known = distributions(search.space)
    inside = [trial for trial in search.trials if _is_inside(search.space, known, trial.values)]
    study.add_trials([frozen(search.space, known, trial) for trial in inside])
    return study


def propose(search: SearchState, count: int, make_sampler: MakeSampler, *, in_one: bool = False) -> list[Proposal]:
    """Ask a sampler for points that are new.

    A batch gives the same as one question after the other. `in_one` asks one study for all of it, which only suits a
    sampler that keeps nothing in a study. It is rebuilt where it holds points that were turned down: those are nowhere
    in the past of the next question.
    """
    batch = _Batch(search, make_sampler, in_one=in_one)
    while len(batch.proposals) < count and batch.ask():
        pass
    return batch.proposals


class _Batch:
    """Questions, each of which knows the answers before it."""

    def __init__(self, search: SearchState, make_sampler: MakeSampler, *, in_one: bool) -> None:
        self.proposals: list[Proposal] = []
        self._search, self._make_sampler = search, make_sampler
        self._known, self._seen = distributions(search.space), search.seen()
        self._in_one = in_one
        self._study: Study | None = None

    def ask(self) -> bool:
        """Ask for one more; False where there is none."""
        if self._search.space.size is not None and len(self._seen) >= self._search.space.size:
            return False
        proposal = self._asked() or self._drawn()
        if proposal is None:
            return False
        self.proposals.append(proposal)
        self._seen.add(self._search.key(proposal.values))
        record = TrialRecord(proposal.values, is_open=True, attributes=proposal.attributes)
        self._search = self._search.with_trial(record)
        return True

    def _asked(self) -> Proposal | None:
        seed = int(np.random.SeedSequence([self._search.seed, len(self._search.trials)]).generate_state(1)[0])
        study = self._study or rebuilt(self._search)
        study.sampler, self._study = self._make_sampler(seed), study if self._in_one else None
        for _attempt in range(MAX_ASKS):
            asked = study.ask(self._known)
            values = _from_optuna(self._search.space, asked.params)
            if self._search.key(values) not in self._seen and self._search.is_valid(values):
                return Proposal(values, dict(study.get_trials(deepcopy=False)[asked.number].system_attrs))
            study.tell(asked, state=TrialState.FAIL)
            self._study = None
        return None

    def _drawn(self) -> Proposal | None:
        drawn = first_untried(self._search, random_points(self._search))
        return None if drawn is None else Proposal(drawn)


def tpe(seed: int) -> BaseSampler:
    """Ten random trials first; open trials count as poor ones, so that parallel trials spread out."""
    return TPESampler(seed=seed, n_startup_trials=10, constant_liar=True)


def genetic(seed: int) -> BaseSampler:
    """Small generations: a sweep has tens of trials, not thousands."""
    return NSGAIISampler(seed=seed, population_size=10)
