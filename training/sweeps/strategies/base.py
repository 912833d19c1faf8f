"""What a strategy sees of a sweep and what it answers. Strategies know no database: each is a function of the past."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from training.sweeps.space.space import Space, Values, key_of


@dataclass(frozen=True)
class TrialRecord:
    """A trial as a strategy sees it.

    Attributes:
        values: its point.
        is_open: whether its result is still to come.
        figures: its objectives, in the sweep's order, if it succeeded; else None.
        pruned_at: last epoch and the validation accuracy there, if it was pruned; else None.
        attributes: what the strategy stored with it.

    """

    values: Values
    is_open: bool = False
    figures: tuple[float, ...] | None = None
    pruned_at: tuple[int, float] | None = None
    attributes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SearchState:
    """A sweep as a strategy sees it.

    Attributes:
        space: what is varied.
        start: the recipe's own values of the varied hyperparameters.
        seed: what all draws come from.
        maximise: for each objective whether more is better.
        trials: all so far, in order, repeats apart.
        is_valid: whether a point makes a recipe that can be trained.
        key: the same text for points that train the same network.

    """

    space: Space
    start: Values
    seed: int
    maximise: tuple[bool, ...]
    trials: tuple[TrialRecord, ...]
    is_valid: Callable[[Values], bool] = lambda _values: True
    key: Callable[[Values], str] = key_of

    def seen(self) -> set[str]:
        """Keys of the points that were tried or are being tried."""
        return {self.key(trial.values) for trial in self.trials}

    def untried(self, points: Iterable[Values]) -> Iterator[Values]:
        """Those of the points that train a network that is new, each such network once."""
        seen = self.seen()
        for values in points:
            key = self.key(values)
            if key not in seen:
                seen.add(key)
                yield values

    def with_trial(self, trial: TrialRecord) -> "SearchState":
        """The same state after one more trial."""
        return replace(self, trials=(*self.trials, trial))


@dataclass(frozen=True)
class Proposal:
    """A point to try, with what the strategy wants stored with it."""

    values: Values
    attributes: dict[str, Any] = field(default_factory=dict)


class Strategy(Protocol):
    """A way to choose trials."""

    name: str
    label: Any  # a text that is translated when it is shown
    objectives: int
    """How many objectives it can pursue at most."""
    learns: bool
    """Whether it needs the results of trials; if not, it is given their points alone."""

    def check(self, space: Space, limit: int) -> None:
        """Refuse a space that it cannot search.

        Raises:
            SpaceError: the space does not suit the strategy, or needs more trials than `limit`.

        """

    def propose(self, search: SearchState, count: int) -> list[Proposal]:
        """The next trials, at most `count`; none while it waits for open ones, or when there is nothing left to try."""


def one_by_one(search: SearchState, count: int, ask: Callable[[SearchState], Proposal | None]) -> list[Proposal]:
    """Ask for one point at a time, at most `count`; each question knows the answers before it."""
    proposals: list[Proposal] = []
    while len(proposals) < count and (proposal := ask(search)) is not None:
        proposals.append(proposal)
        search = search.with_trial(TrialRecord(proposal.values, is_open=True, attributes=proposal.attributes))
    return proposals
