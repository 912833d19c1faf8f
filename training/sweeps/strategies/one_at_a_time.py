"""One hyperparameter at a time, as the thesis searched (§2.4), replayed from the trials so that it can be told.

Start from the recipe. Change the one hyperparameter that is likely to matter most, the others held; keep what is
better; go on to the next. When all had their turn, begin again with the one that mattered most, until a whole round
improves nothing. A range is first tried at five points, and in each later round half-way to its tried neighbours.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from training.sweeps.axes import Axis, Range
from training.sweeps.spaces import Space, Values, key_of
from training.sweeps.strategies.base import Proposal, Search, Tried

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
"""What is likely to matter most, before anything was measured: the thesis's own order, with what it did not vary."""
POINTS = 5


@dataclass(frozen=True)
class Decision:
    """One step of the search: what was changed, what came of it, what was kept.

    Attributes:
        round: which time round, from 1.
        name: the hyperparameter.
        tried: values and their accuracy, in the order of trying; None for one that came to nothing.
        before, after: value that was held, and value that is kept.
        gain: accuracy won by it, 0 where the old value is kept.

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
class Story:
    """The search so far: its decisions, the point that is held, and the points that it waits for or wants."""

    decisions: tuple[Decision, ...]
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

    def propose(self, search: Search, count: int) -> list[Proposal]:
        """The points that the present step wants and nobody has tried."""
        seen = search.seen()
        wanted = [values for values in story(search).wanted if key_of(values) not in seen]
        return [Proposal(values) for values in wanted[:count]]


def story(search: Search) -> Story:
    """Replay the search: decide what can be decided, and say which points the next decision needs."""
    teller = _Teller(search)
    decisions = tuple(teller.decide())
    return Story(decisions, teller.held, tuple(teller.wanted))


class _Teller:
    """Replays the steps of a search. Only points that a step has used count as known to the next, so that a replay
    makes the same decisions however many trials have come since."""

    def __init__(self, search: Search) -> None:
        self.search = search
        self.tried: dict[str, Tried] = {key_of(trial.values): trial for trial in reversed(search.trials)}
        self.used: dict[str, Values] = {}
        self.held: Values = dict(search.start)
        self.best = 0.0
        self.wanted: list[Values] = []

    def decide(self) -> Iterator[Decision]:
        """Yield the decisions, until one needs points that have not ended (they are then in `wanted`)."""
        if not self._use([self.held]):
            return
        self.best = self._accuracy(self.held) or 0.0
        order, number, gained = self._likely(), 1, True
        while gained:
            made: list[Decision] = []
            for name in order:
                decision = self._step(number, name)
                if self.wanted:
                    return
                if decision is not None:
                    made.append(decision)
                    yield decision
            gained = any(decision.gain > 0 for decision in made)
            order, number = _by_effect(order, made), number + 1

    def _likely(self) -> list[str]:
        rank = {name: place for place, name in enumerate(LIKELY)}
        return sorted(self.search.space.names, key=lambda name: (rank.get(name, len(rank)), name))

    def _step(self, number: int, name: str) -> Decision | None:
        """Try other values of one hyperparameter and keep the best; None where there is nothing new, or not yet."""
        axis = dict(self.search.space.axes)[name]
        points = [self._with(name, value) for value in self._candidates(axis, name, number)]
        fresh = [point for point in points if key_of(point) not in self.used and self.search.is_valid(point)]
        if not fresh or not self._use(fresh):
            return None
        return self._decision(number, name, [point[name] for point in fresh])

    def _decision(self, number: int, name: str, values: list[Any]) -> Decision:
        tried = tuple((value, self._accuracy(self._with(name, value))) for value in values)
        value, accuracy = max(tried, key=lambda pair: -1.0 if pair[1] is None else pair[1])
        before, best = self.held[name], self.best
        if accuracy is not None and accuracy > best:
            self.held, self.best = self._with(name, value), accuracy
        return Decision(number, name, ((before, best), *tried), before, self.held[name], self.best - best)

    def _candidates(self, axis: Axis, name: str, number: int) -> list[Any]:
        """Values to set against the one that is held."""
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
        trial = self.tried.get(key_of(values))
        return trial.figures[0] if trial is not None and trial.figures is not None else None

    def _use(self, points: list[Values]) -> bool:
        """Take these points as known, if all have ended; else want those that have not."""
        trials = [self.tried.get(key_of(values)) for values in points]
        self.wanted = [values for values, trial in zip(points, trials, strict=True) if trial is None or trial.is_open]
        if not self.wanted:
            self.used |= {key_of(values): values for values in points}
        return not self.wanted


def _by_effect(order: list[str], made: list[Decision]) -> list[str]:
    """The hyperparameters by how far accuracy moved with them, those that moved it most first."""
    spread = {decision.name: decision.spread for decision in made}
    return sorted(order, key=lambda name: -spread.get(name, 0.0))


def sentence(decision: Decision, label: str, text: Any) -> str:
    """One decision in words; `text` writes a value."""
    reached = ", ".join(
        f"{text(value)}: {'—' if accuracy is None else f'{accuracy:.2%}'}" for value, accuracy in decision.tried
    )
    words = {"name": label, "reached": reached, "before": text(decision.before), "after": text(decision.after)}
    if decision.gain > 0:
        words["gain"] = f"{100 * decision.gain:.2f}"
        return _("%(name)s (%(reached)s): %(after)s is kept instead of %(before)s, %(gain)s points better.") % words
    return _("%(name)s (%(reached)s): %(before)s stays, nothing was better.") % words
