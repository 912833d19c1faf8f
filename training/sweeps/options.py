"""The options of a sweep: strategy, objectives, pruning, limits, repeats. Every instance has been checked."""

import math
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from recognizer.messages import gettext as _
from training.sweeps.errors import OptionError
from training.sweeps.space import objectives
from training.sweeps.space.space import Space
from training.sweeps.strategies import MAX_TRIALS, STRATEGIES

DEFAULT_TRIALS = 20
MAX_HOURS = 24 * 365
MAX_PARALLEL = 256
MAX_REPEATS = 20
PRUNERS = {
    "": gettext_lazy("no: every trial trains to its end"),
    "asha": gettext_lazy("ASHA: the best third goes on at each rung"),
    "median": gettext_lazy("median: what is worse than half of the others stops"),
}


def _whole(name: str, value: int | None, least: int, most: int) -> None:
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise OptionError(
            name,
            _("%(name)s must be a whole number between %(least)d and %(most)d, not %(value)s.")
            % {"name": name, "least": least, "most": most, "value": str(value)[:40]},
        )


def _number(name: str, value: float | None, most: float) -> None:
    if value is None:
        return
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not (math.isfinite(value) and 0 < value <= most)
    ):
        raise OptionError(
            name,
            _("%(name)s must be above 0 and at most %(most)s, not %(value)s.")
            % {"name": name, "most": f"{most:g}", "value": str(value)[:40]},
        )


@dataclass(frozen=True, kw_only=True)
class SearchLimits:
    """When a search ends; None is no limit.

    Attributes:
        max_trials: most trials, repeats apart; None for all of a grid, or `DEFAULT_TRIALS`.
        max_hours: most hours, pauses apart; what runs then is not cut short.
        target: this validation accuracy (0…1).
        patience: trials in a row that gained nothing.
        parallel: most trials at the same time; None for as many as there are workers.

    Raises:
        OptionError: one is out of bounds.

    """

    max_trials: int | None = None
    max_hours: float | None = None
    target: float | None = None
    patience: int | None = None
    parallel: int | None = None

    def __post_init__(self) -> None:
        """Check each."""
        _whole("max_trials", self.max_trials, 1, MAX_TRIALS)
        _number("max_hours", self.max_hours, MAX_HOURS)
        _number("target", self.target, 1)
        _whole("patience", self.patience, 1, MAX_TRIALS)
        _whole("parallel", self.parallel, 1, MAX_PARALLEL)

    def as_fields(self) -> dict[str, Any]:
        """Columns of the sweep's table, `max_trials` apart."""
        return {name: getattr(self, name) for name in ("max_hours", "target", "patience", "parallel")}

    def trials_of(self, strategy: str, space: Space) -> int:
        """How many trials at most: the limit if there is one, else all of a grid, else the default."""
        if self.max_trials is not None:
            return self.max_trials
        return min(space.size or DEFAULT_TRIALS, MAX_TRIALS) if strategy == "grid" else DEFAULT_TRIALS


@dataclass(frozen=True, kw_only=True)
class SweepOptions:
    """What is chosen for a sweep besides its space.

    Attributes:
        strategy: how trials are chosen: a name of `STRATEGIES`.
        seed: what the strategy draws from.
        objectives: one or two names of `OBJECTIVES`, accuracy among them.
        prune: a name of `PRUNERS`, "" for none.
        limits: when it ends.
        repeat_best, repeats: how many of the best trials are trained again, and with how many other seeds each.

    Raises:
        OptionError: one of them cannot be.

    """

    strategy: str = "grid"
    seed: int = 0
    objectives: tuple[str, ...] = ("accuracy",)
    prune: str = ""
    limits: SearchLimits = SearchLimits()
    repeat_best: int = 0
    repeats: int = 0

    def __post_init__(self) -> None:
        """Check each, and what belongs together."""
        if self.strategy not in STRATEGIES:
            words = {"name": self.strategy[:40], "names": ", ".join(STRATEGIES)}
            raise OptionError("strategy", _("There is no strategy “%(name)s”; there are: %(names)s.") % words)
        objectives.check(self.objectives, most=STRATEGIES[self.strategy].objectives)
        if self.prune not in PRUNERS:
            words = {"name": self.prune[:40], "names": ", ".join(filter(None, PRUNERS))}
            raise OptionError("prune", _("There is no pruning “%(name)s”; there are: %(names)s.") % words)
        _whole("seed", self.seed, 0, 2**32 - 1)
        _whole("repeat_best", self.repeat_best, 0, MAX_REPEATS)
        _whole("repeats", self.repeats, 0, MAX_REPEATS)
        if bool(self.repeat_best) != bool(self.repeats):
            raise OptionError("repeats", _("Give both: how many of the best are repeated, and how often."))
