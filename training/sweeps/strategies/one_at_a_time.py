"""One hyperparameter at a time, as the thesis searched (§2.4).

Start from the recipe. Change the one hyperparameter that is likely to matter most, the others held; keep what is
better; go on to the next. When each has had its turn, begin again with the one that mattered most, until a whole round
improves nothing. A range is first tried at five points, and in each later round half-way to its tried neighbours.

Nothing of this is stored: the steps are replayed from the trials, for the next proposal and for the page alike.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from recognizer.messages import gettext as _
from training.sweeps.space.axes import Axis, Range
from training.sweeps.space.space import Space, Values, key_of
from training.sweeps.strategies.base import Proposal, SearchState, TrialRecord

LIKELY = (
    "learning_rate",
    "optimizer",
    "hidden_layers",
    "initializer",
    "activation",
    "cost",
    "batch_size",
    "l2",
    "weight_decay",
    "epochs",
    "schedule",
)
"""What is likely to matter most, before any measurement: the thesis's own order, with what it did not vary."""
POINTS = 5
"""At how many values a range is tried in the first round."""


@dataclass(frozen=True)
class SearchStep:
    """One step of the search: what was changed, what that gave, what was kept.

    Attributes:
        round: which round, from 1.
        name: the hyperparameter.
        tried: values and their accuracy, in the order of trying; None for a trial that did not succeed.
        before, after: value that was held, and value that is kept.
        gain: accuracy gained by it, 0 where the old value is kept.

    """

    round: int
    name: str
    tried: tuple[tuple[Any, float | None], ...]
    before: Any
    after: Any
    gain: float

    @property
    def spread(self) -> float:
        """How far accuracy moved with this hyperparameter."""
        known = [accuracy for _value, accuracy in self.tried if accuracy is not None]
        return max(known) - min(known) if known else 0.0


@dataclass(frozen=True)
class ReplayedSearch:
    """The search so far: its steps, the point that is held, and the points whose results the next step needs."""

    steps: tuple[SearchStep, ...]
    held: Values
    wanted: tuple[Values, ...]


class OneAtATime:
    """The thesis's own way (§2.4)."""

    name = "one-at-a-time"
    label = gettext_lazy("one at a time: change one, keep what is better")
    objectives = 1
    learns = True

    def check(self, space: Space, limit: int) -> None:
        """Any space will do."""

    def propose(self, search: SearchState, count: int) -> list[Proposal]:
        """The points that the present step needs and that have not been tried."""
        return [Proposal(values) for values in search.untried(replay(search).wanted)][:count]


def replay(search: SearchState) -> ReplayedSearch:
    """Take every step that the trials allow, and say which points the next step needs."""
    replayed = _Replay(search)
    steps = tuple(replayed.steps())
    return ReplayedSearch(steps, replayed.held, tuple(replayed.wanted))


class _Replay:
    """Replays the steps of a search. Only points that a step has used count as known to the next, so that a replay
    takes the same steps however many trials have come since."""

    def __init__(self, search: SearchState) -> None:
        self.search = search
        self.trials: dict[str, TrialRecord] = {search.key(trial.values): trial for trial in reversed(search.trials)}
        self.used: dict[str, Values] = {}
        self.held: Values = dict(search.start)
        self.best = 0.0
        self.wanted: list[Values] = []

    def steps(self) -> Iterator[SearchStep]:
        """Yield the steps, until one needs points that have not ended (they are then in `wanted`)."""
        if not self._use([self.held]):
            return
        self.best = self._accuracy(self.held) or 0.0
        order, number, gained = self._likely(), 1, True
        while gained:
            taken: list[SearchStep] = []
            for name in order:
                step = self._step(number, name)
                if self.wanted:
                    return
                if step is not None:
                    taken.append(step)
                    yield step
            gained = any(step.gain > 0 for step in taken)
            order, number = _by_effect(order, taken), number + 1

    def _likely(self) -> list[str]:
        rank = {name: number for number, name in enumerate(LIKELY)}
        return sorted(self.search.space.names, key=lambda name: (rank.get(name, len(rank)), name))

    def _step(self, number: int, name: str) -> SearchStep | None:
        """Try other values of one hyperparameter and keep the best; None where there is nothing new, or not yet."""
        axis = dict(self.search.space.axes)[name]
        points = [self._with(name, value) for value in self._candidates(axis, name, number)]
        fresh = self._fresh(points)
        if not fresh or not self._use(fresh):
            return None
        return self._keep_best(number, name, [point[name] for point in fresh])

    def _fresh(self, points: list[Values]) -> list[Values]:
        """Those of the points that can be trained and that no step has used, each network once."""
        found: dict[str, Values] = {}
        for point in filter(self.search.is_valid, points):
            key = self.search.key(point)
            if key not in self.used:
                found.setdefault(key, point)
        return list(found.values())

    def _keep_best(self, number: int, name: str, values: list[Any]) -> SearchStep:
        tried = tuple((value, self._accuracy(self._with(name, value))) for value in values)
        value, accuracy = max(tried, key=lambda pair: -1.0 if pair[1] is None else pair[1])
        before, best = self.held[name], self.best
        if accuracy is not None and accuracy > best:
            self.held, self.best = self._with(name, value), accuracy
        return SearchStep(number, name, ((before, best), *tried), before, self.held[name], self.best - best)

    def _candidates(self, axis: Axis, name: str, number: int) -> list[Any]:
        """Values to compare with the one that is held."""
        held = self.held[name]
        if number == 1 or not isinstance(axis, Range):
            return [value for value in axis.spread(POINTS) if key_of({name: value}) != key_of({name: held})]
        known = sorted(point[name] for point in self.used.values() if self._differs_only_in(name, point))
        near = [value for value in known if value < held][-1:] + [value for value in known if value > held][:1]
        return [axis.middle(held, value) for value in near]

    def _differs_only_in(self, name: str, point: Values) -> bool:
        return key_of({**point, name: None}) == key_of({**self.held, name: None})

    def _with(self, name: str, value: Any) -> Values:
        return {**self.held, name: value}

    def _accuracy(self, values: Values) -> float | None:
        trial = self.trials.get(self.search.key(values))
        return trial.figures[0] if trial is not None and trial.figures is not None else None

    def _use(self, points: list[Values]) -> bool:
        """Count these points as known, if all have ended; else want those that have not."""
        trials = [self.trials.get(self.search.key(values)) for values in points]
        self.wanted = [values for values, trial in zip(points, trials, strict=True) if trial is None or trial.is_open]
        if not self.wanted:
            self.used |= {self.search.key(values): values for values in points}
        return not self.wanted


def _by_effect(order: list[str], steps: list[SearchStep]) -> list[str]:
    """The hyperparameters by how far accuracy moved with them, those that moved it most first."""
    spread = {step.name: step.spread for step in steps}
    return sorted(order, key=lambda name: -spread.get(name, 0.0))


def describe(step: SearchStep, label: str, text: Any) -> str:
    """One step in words; `text` writes a value."""
    reached = ", ".join(
        f"{text(value)}: {'—' if accuracy is None else f'{accuracy:.2%}'}" for value, accuracy in step.tried
    )
    words = {"name": label, "reached": reached, "before": text(step.before), "after": text(step.after)}
    if step.gain > 0:
        words["gain"] = f"{100 * step.gain:.2f}"
        return _("%(name)s (%(reached)s): %(after)s is kept instead of %(before)s, %(gain)s points better.") % words
    return _("%(name)s (%(reached)s): %(before)s stays, nothing was better.") % words
