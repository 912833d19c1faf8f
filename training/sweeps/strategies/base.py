"""What a strategy sees of a sweep and what it answers. Strategies know no database: each is a function of the past."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from training.sweeps.spaces import Space, Values, key_of


@dataclass(frozen=True)
class Tried:
    """A trial as a strategy sees it.

    Attributes:
        values: its point.
        is_open: whether it is still waited for.
        figures: its objectives, in the sweep's order, once it has ended well; else None.
        pruned_at: last epoch and the validation accuracy there, of one that was pruned; else None.
        attributes: what the strategy wished to remember with it.

    """

    values: Values
    is_open: bool = False
    figures: tuple[float, ...] | None = None
    pruned_at: tuple[int, float] | None = None
    attributes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Search:
    """A sweep as a strategy sees it.

    Attributes:
        space: what is varied.
        start: the recipe's own values of the varied hyperparameters.
        seed: what all draws come from.
        maximise: for each objective whether more is better.
        trials: all so far, in order, repeats apart.
        is_valid: whether a point makes a recipe that can be trained.

    """

    space: Space
    start: Values
    seed: int
    maximise: tuple[bool, ...]
    trials: tuple[Tried, ...]
    is_valid: Callable[[Values], bool] = lambda _values: True

    def seen(self) -> set[str]:
        """The points that were tried or are being tried."""
        return {key_of(trial.values) for trial in self.trials}

    def with_trial(self, trial: Tried) -> "Search":
        """The same with one more."""
        return Search(self.space, self.start, self.seed, self.maximise, (*self.trials, trial), self.is_valid)


@dataclass(frozen=True)
class Proposal:
    """A point to try, with what the strategy wishes to remember."""

    values: Values
    attributes: dict[str, Any] = field(default_factory=dict)


class Strategy(Protocol):
    """A way to choose trials."""

    name: str
    label: Any  # a text that is translated when it is shown
    objectives: int
    """How many objectives it can pursue at most."""
    learns: bool
    """Whether it asks what trials have come to; where it does not, it is told their points alone."""

    def check(self, space: Space, limit: int) -> None:
        """Refuse a space that it cannot search.

        Raises:
            SpaceError: the space does not suit the strategy, or needs more trials than `limit`.

        """

    def propose(self, search: Search, count: int) -> list[Proposal]:
        """The next trials, at most `count`; none while it waits for open ones, or when there is nothing left to try."""


def one_by_one(search: Search, count: int, ask: Callable[[Search], Proposal | None]) -> list[Proposal]:
    """Ask so many times for one point, each time knowing of those before."""
    proposals: list[Proposal] = []
    while len(proposals) < count and (proposal := ask(search)) is not None:
        proposals.append(proposal)
        search = search.with_trial(Tried(proposal.values, is_open=True, attributes=proposal.attributes))
    return proposals
