"""The findings of a sweep in sentences; and the steps of a search that changed one hyperparameter at a time."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.template.defaultfilters import floatformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recognizer.templatetags.recognizer_format import percent
from training.runs.web.hyperparameter_text import shown
from training.sweeps.models import Phase, Sweep, Trial, TrialKind
from training.sweeps.search import deciding, pareto, stopping
from training.sweeps.search.importance import importances
from training.sweeps.search.repeats import RepeatedTrial, repeated_trials
from training.sweeps.strategies.one_at_a_time import describe, replay
from training.sweeps.web.tables import label, named_values

ENOUGH = 8
"""With fewer trials that succeeded, nothing is said about where the good ones lie."""


def learnt(sweep: Sweep, trials: Sequence[Trial]) -> list[str]:
    """A few sentences: the best, what mattered, where the good ones lie, what repeats say, why it ended."""
    searched = [trial for trial in trials if trial.kind != TrialKind.REPEAT]
    sentences = [_best(sweep, searched), _mattered(sweep, trials), *_where(sweep, searched), _seed_spread(trials)]
    return [each for each in (*sentences, _end(sweep)) if each]


def _best(sweep: Sweep, trials: Sequence[Trial]) -> str:
    best = pareto.best_few(trials, 1)
    if not best:
        return ""
    values = ", ".join(f"{name} {value}" for name, value in named_values(sweep, best[0]))
    words = {"accuracy": percent(best[0].run.validation_accuracy, 2), "values": values, "run": best[0].run_id}
    return (
        _("The best reads %(accuracy)s of the validation letters after its last epoch, with %(values)s (run %(run)d).")
        % words
    )


def _mattered(sweep: Sweep, trials: Sequence[Trial]) -> str:
    shares = importances(sweep, trials)
    if not shares or not shares[0][1]:
        return ""
    (most, share), (least, _rest) = shares[0], shares[-1]
    words = {"most": label(most), "share": percent(share, 0), "least": label(least)}
    return _("%(most)s mattered most (%(share)s of the importance), %(least)s least.") % words


def _where(sweep: Sweep, trials: Sequence[Trial]) -> list[str]:
    """Where the best quarter lies on each axis."""
    ended = pareto.best_few(trials, len(trials))
    if len(ended) < ENOUGH:
        return []
    quarter = ended[: len(ended) // 4]
    return [words for name in sweep.space if (words := _lies(name, [trial.values[name] for trial in quarter], ended))]


def _lies(name: str, values: Sequence[Any], all_trials: Sequence[Trial]) -> str:
    """Where the values of the best trials lie, if that says anything."""
    every = {shown(trial.values[name]) for trial in all_trials}
    words: dict[str, Any] = {"name": label(name), "count": len(values)}
    if len({shown(value) for value in values}) == 1:
        if len(every) == 1:
            return ""
        return _("The best %(count)d trials all have %(name)s %(value)s.") % {**words, "value": shown(values[0])}
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        bounds = {"low": shown(min(values)), "high": shown(max(values))}
        return _("The best %(count)d trials lie at %(name)s %(low)s … %(high)s.") % {**words, **bounds}
    value, often = Counter(shown(value) for value in values).most_common(1)[0]
    if 2 * often <= len(values):
        return ""
    return _("%(often)d of the best %(count)d trials have %(name)s %(value)s.") % {
        **words,
        "often": often,
        "value": value,
    }


def _seed_spread(trials: Sequence[Trial]) -> str:
    """What repeats with other seeds say about the best trials."""
    measured = [each for each in repeated_trials(trials) if each.spread is not None]
    if not measured:
        return ""
    first = measured[0]
    if len(measured) > 1 and _are_alike(first, measured[1]):
        return _("Repeated with other seeds, the best two differ by less than their spread: either will do.")
    words = {
        "mean": percent(first.mean, 2),
        "spread": floatformat(100 * (first.spread or 0), 2),
        "run": first.trial.run_id,
    }
    return _("Repeated with other seeds, run %(run)d comes first: %(mean)s ± %(spread)s points.") % words


def _are_alike(one: RepeatedTrial, other: RepeatedTrial) -> bool:
    return one.mean - other.mean <= max(one.spread or 0.0, other.spread or 0.0)


def _end(sweep: Sweep) -> str:
    if sweep.phase == Phase.CLOSED and sweep.reason:
        return _("The search has ended: %(reason)s.") % {"reason": sweep.get_reason_display()}
    idle = stopping.trials_without_gain(sweep)
    if idle < 3:
        return ""
    return ngettext(
        "%(count)d trial in a row has gained nothing.", "%(count)d trials in a row have gained nothing.", idle
    ) % {"count": idle}


def search_steps(sweep: Sweep, trials: Sequence[Trial]) -> list[str]:
    """The steps of the strategy `one-at-a-time`, a sentence each; empty for other strategies."""
    if sweep.strategy != "one-at-a-time":
        return []
    searched = [trial for trial in trials if trial.kind != TrialKind.REPEAT]
    steps = replay(deciding.search_state(sweep, searched)).steps
    return [describe(step, label(step.name), shown) for step in steps]
