"""The thesis in one line, 70 → 96.545 %, ours beside it, and what came after."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from training.study.reporting import ExperimentFigures, RowFigures
from training.study.results import published_file


@dataclass(frozen=True)
class StoryStep:
    """A step of the story.

    Attributes:
        label: what was changed.
        experiment, row: where it stands.

    """

    label: Any
    experiment: str
    row: str


THESIS_STEPS = (
    StoryStep(_("quadratic cost, η = 3"), "learning-rate-elementwise", "η = 3"),
    StoryStep(_("η = 0.8"), "learning-rate-elementwise", "η = 0.8"),
    StoryStep(_("cross-entropy"), "learning-rate-cross-entropy", "η = 0.11"),
    StoryStep(_("256-128 neurons"), "layers", "layers = 256-128"),
    StoryStep(_("L2"), "l2", "λ = 8"),
    StoryStep(_("smaller initial weights"), "initialisation", "m = 15, η = 0.02, λ = 3.5"),
    StoryStep(_("ReLU"), "relu", "η = 0.01, λ = 20"),
)


@dataclass(frozen=True)
class TodayStep:
    """What a newcomer would do today.

    Attributes:
        label: what was changed.
        report: of docs/figures.
        row: of the report.
        split: of Cyrillic-MNIST, on which it was scored.

    """

    label: Any
    report: str
    row: str
    split: str


TODAY = (
    TodayStep(_("its recipe, 3 × η"), "accuracy-thesis", "thesis-relu-tuned", "test"),
    TodayStep(_("today's recipe, augmented, the same pixels"), "ablation", "ink raw-28", "validation"),
    TodayStep(_("normalised ink, augmented"), "ablation", "ink moments-1", "validation"),
    TodayStep(_("directions, not augmented"), "ablation", "no augmentation", "validation"),
    TodayStep(_("directions, augmented"), "ablation", "standard", "validation"),
    TodayStep(_("four times as long"), "accuracy", "standard", "test"),
    TodayStep(_("ten times the weights, a recipe of its own"), "accuracy", "best", "test"),
)
"""Each part of the recipe on its own is in docs/figures/ablation.md; all but one of these rows augment."""


@dataclass(frozen=True)
class StoryPoint:
    """A step with both figures in per cent, None where there is none, and what ours was scored on.

    Attributes:
        label: what was changed.
        ours: in per cent.
        scored: the split.
        row: what the thesis says; None of what it did not do.

    """

    label: str
    ours: float | None
    scored: str
    row: RowFigures | None = None

    @property
    def thesis(self) -> float | None:
        """In per cent."""
        return None if self.row is None else self.row["thesis"]


def points(results: Sequence[ExperimentFigures]) -> list[StoryPoint]:
    """The whole chart, in its order."""
    rows = {(each["experiment"], row["row"]): row for each in results for row in each["rows"]}
    then = [(str(step.label), rows[step.experiment, step.row]) for step in THESIS_STEPS]
    return [
        *(StoryPoint(label, row.get("monitored"), "monitored", row) for label, row in then),
        *(StoryPoint(str(step.label), measured(step), step.split) for step in TODAY),
    ]


def measured(step: TodayStep) -> float | None:
    """A row's accuracy on Cyrillic-MNIST in a published report, the mean where it has one; None if it is not there."""
    found = {}
    for row in published_file(step.report).get("rows", ()):
        if step.row in (row.get("row"), row.get("recipe")):
            found[row["seed"]] = row[f"Cyrillic-MNIST {step.split}"]
    text = found.get("mean") or next(iter(found.values()), "")
    return float(text.split()[0]) if text else None
