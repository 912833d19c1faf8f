"""What was tried to explain the rows that are worse than the thesis's: trials as data, sentences from stored runs.

A sentence names a figure of a stored run or is not there: a trial whose row is not trained yet says nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from django.template.defaultfilters import floatformat
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy

from recognizer.messages import gettext as _
from training.study.reporting import ExperimentFigures, RowFigures, RunFigures, ended_runs, shorter
from training.study.verdicts import StudyVerdict

TENTH = 0.1
RISING = 0.001
"""Where the mean over the last tenth of the epochs is above that of the tenth before by more, a curve still rises."""


@dataclass(frozen=True)
class TriedChange:
    """Another row that was trained in the hope of explaining one that is worse.

    Attributes:
        experiment, row: what is worse.
        other: experiment and row of what was tried.
        change: what is different there.

    """

    experiment: str
    row: str
    other: tuple[str, str]
    change: Any


_L2 = ("l2", "λ = 7.6")
_SMALL_BATCH = ("mini-batch", "m = 10")
_STEP = ("learning-rate-cross-entropy", "η = 0.11")
TRIALS = (
    TriedChange(
        "learning-rate-quadratic",
        "η = 0.8",
        ("learning-rate-elementwise", "η = 0.8"),
        gettext_lazy("the thesis's output error (1.17) in place of the exact one"),
    ),
    TriedChange(
        "learning-rate-quadratic",
        "η = 0.8",
        ("learning-rate-quadratic", "η = 4"),
        gettext_lazy("a longer step, η = 4"),
    ),
    *(
        TriedChange("learning-rate-cross-entropy", row, _STEP, gettext_lazy("a longer step, η = 0.11"))
        for row in ("η = 0.05", "η = 0.075", "η = 0.1")
    ),
    TriedChange(*_STEP, _SMALL_BATCH, gettext_lazy("fewer letters for one step, m = 10")),
    TriedChange(*_STEP, ("layers", "layers = 128-96"), gettext_lazy("more neurons, 128-96")),
    *(
        TriedChange("mini-batch", row, _SMALL_BATCH, gettext_lazy("fewer letters for one step, m = 10"))
        for row in ("m = 15", "m = 20", "m = 50")
    ),
    TriedChange("layers", "layers = 256-128", ("layers", "layers = 512-256"), gettext_lazy("twice the neurons")),
    TriedChange("layers", "layers = 256-128", ("layers", "layers = 256-128-64"), gettext_lazy("one layer more")),
    TriedChange("layers", "layers = 256-128", _L2, gettext_lazy("L2, λ = 7.6")),
    TriedChange("layers", "layers = 512-256", ("layers", "layers = 256-128-64"), gettext_lazy("256-128-64 neurons")),
    TriedChange("layers", "layers = 512-256", _L2, gettext_lazy("half the neurons and L2, λ = 7.6")),
)


def explained(found: ExperimentFigures, everything: Sequence[ExperimentFigures]) -> list[tuple[str, list[str]]]:
    """For each row of an experiment that is worse, what was tried, in sentences of the active language.

    Args:
        found: the experiment.
        everything: all of the study, with the rows of the trials.

    """
    rows = {(each["experiment"], row["row"]): row for each in everything for row in each["rows"]}
    return [
        (row["row"], [*_of_its_own_runs(row, found["epochs"]), *_of_trials(found["experiment"], row, rows)])
        for row in found["rows"]
        if row["verdict"] == StudyVerdict.WORSE
    ]


def _of_its_own_runs(row: RowFigures, planned: int) -> Iterator[str]:
    """Whether more epochs or another seed would explain it."""
    runs = ended_runs(row)
    own = shorter(row, planned)
    values = {
        "own": own or planned,
        "planned": planned,
        "best": runs[0]["best_epoch"],
        "last": _percent(100 * (runs[0]["last_monitored"] or 0)),
    }
    if own:
        yield _("Its runs are of %(own)s epochs, not of %(planned)s; the best is epoch %(best)s.") % values
    elif fmean(map(_rise, runs)) > RISING:
        yield _("Epoch %(best)s of %(own)s was best: it still rises at the end.") % values
    else:
        yield (_("More epochs do not help: epoch %(best)s of %(own)s was best, the last reads %(last)s.") % values)
    if len(runs) > 1:
        best = max(run["best_monitored"] for run in runs)
        yield _("The best of its seeds reaches %(best)s.") % {"best": _percent(100 * best)}


def _of_trials(experiment: str, row: RowFigures, rows: Mapping[tuple[str, str], RowFigures]) -> Iterator[str]:
    for trial in TRIALS:
        if (trial.experiment, trial.row) != (experiment, row["row"]):
            continue
        runs = ended_runs(rows.get(trial.other, {}))
        if runs:
            reached = 100 * fmean(run["best_monitored"] for run in runs)
            change, gain = str(trial.change), number_format(f"{reached - row['monitored']:+.2f}").replace("-", "−")
            values = {"change": change, "reached": _percent(reached), "gain": gain}
            yield _("With %(change)s: %(reached)s (%(gain)s points).") % values


def _rise(run: RunFigures) -> float:
    """By how much the mean over the last tenth of the epochs is above that of the tenth before; 0 without a curve."""
    curve: Sequence[float] = run.get("curve") or ()
    tenth = int(TENTH * len(curve))
    return fmean(curve[-tenth:]) - fmean(curve[-2 * tenth : -tenth]) if tenth else 0.0


def _percent(value: float) -> str:
    return f"{floatformat(value, 2)}\u00a0%"
