"""The thesis in one line, 70 → 96.545 %, ours beside it, and what came after."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from training.study.reporting import ExperimentFigures
from training.study.results import published_file


@dataclass(frozen=True)
class StoryStep:
    """A step of the story.

    Attributes:
        label: what was changed.
        experiment, row: where it stands.
        thesis: accuracy in per cent.

    """

    label: Any
    experiment: str
    row: str
    thesis: float


THESIS_STEPS = (
    StoryStep(_("quadratic cost, η = 3"), "learning-rate-elementwise", "η = 3", 70),
    StoryStep(_("η = 0.8"), "learning-rate-elementwise", "η = 0.8", 83),
    StoryStep(_("cross-entropy"), "learning-rate-cross-entropy", "η = 0.11", 87.4),
    StoryStep(_("256-128 neurons"), "layers", "layers = 256-128", 90.1),
    StoryStep(_("L2"), "l2", "λ = 8", 95.47),
    StoryStep(_("smaller initial weights"), "initialisation", "m = 15, η = 0.02, λ = 3.5", 95.935),
    StoryStep(_("ReLU"), "relu", "η = 0.01, λ = 20", 96.545),
)
TODAY = (
    (_("its recipe, 3 × η"), "accuracy-thesis", "thesis-relu-tuned"),
    (_("directions: small"), "accuracy", "small"),
    (_("directions: standard"), "accuracy", "standard"),
    (_("directions: best"), "accuracy", "best"),
)
"""What a newcomer would do today: label, report in docs/figures, row. Test accuracy on Cyrillic-MNIST, three seeds."""


@dataclass(frozen=True)
class StoryPoint:
    """A step with both figures in per cent, None where there is none."""

    label: str
    thesis: float | None
    ours: float | None


def points(results: Sequence[ExperimentFigures]) -> list[StoryPoint]:
    """The whole chart, in its order."""
    rows = {(each["experiment"], row["row"]): row for each in results for row in each["rows"]}
    then = [
        StoryPoint(str(step.label), step.thesis, rows[step.experiment, step.row].get("monitored"))
        for step in THESIS_STEPS
    ]
    return [*then, *(StoryPoint(str(label), None, measured(report, row)) for label, report, row in TODAY)]


def measured(report: str, row: str) -> float | None:
    """A preset's test accuracy on Cyrillic-MNIST in a published report; None if it is not there."""
    figures = published_file(report).get("figures", ())
    found = [each["value"] for each in figures if each["name"].startswith(f"{row}, Cyrillic-MNIST test")]
    return found[0] if found else None
