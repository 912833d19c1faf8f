"""How well a preset reads, and about how long it trains here: for the form of a new run, before anything is started."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

from recognizer.core.alphabet import RUSSIAN
from recognizer.core.ink import specification
from training.core.hyperparameters import PRESETS, Hyperparameters
from training.jobs.models import State
from training.runs.models import Run

ACCURACY = {"tiny": 97.07, "small": 97.79, "standard": 98.34, "best": 98.59}
"""Per cent of Cyrillic-MNIST's test letters, trained on both archives: three seeds, docs/figures/accuracy.md."""
SAMPLE_SECONDS = 20e-6
OPERATIONS_A_SECOND = 7e10
"""Seconds of a sample, and the speed of its operations: fitted to the quickest seeds of docs/figures/accuracy.md.
An epoch has some 80,000 samples there: 120 of tiny took 172 s, 120 of standard 278 s, 60 of best 684 s."""
OPERATIONS = 6
"""For a parameter and a sample: two forwards, four backwards."""
EARLIER_RUNS = 40
"""The last ones, by which the estimate is corrected."""


@dataclass(frozen=True)
class Estimate:
    """What one sample of a preset's training takes here.

    Attributes:
        seconds: of one sample.
        is_measured: whether earlier runs here say so; else it follows from the number of operations alone.

    """

    seconds: float
    is_measured: bool


def estimates() -> dict[str, Estimate]:
    """One for each preset: by what runs of the preset took here, else by what any run took, else by its operations."""
    ratios = list(_ratios(_earlier()))
    of_any = [ratio for _preset, ratio in ratios]
    return {
        name: _estimate(recipe, [ratio for preset, ratio in ratios if preset == name] or of_any)
        for name, recipe in PRESETS.items()
    }


def _estimate(recipe: Hyperparameters, ratios: Sequence[float]) -> Estimate:
    return Estimate(sample_seconds(recipe) * (median(ratios) if ratios else 1.0), bool(ratios))


def sample_seconds(recipe: Hyperparameters) -> float:
    """What one sample takes by the number of operations alone."""
    sizes = [specification(recipe.ink_specification).length, *recipe.hidden_layers, len(RUSSIAN)]
    weights = sum(before * after for before, after in pairwise(sizes))
    return SAMPLE_SECONDS + OPERATIONS * weights / OPERATIONS_A_SECOND


def _earlier() -> list[Run]:
    ended = Run.objects.filter(state=State.SUCCEEDED, epoch__gt=0, training_images__gt=0, started_at__isnull=False)
    return list(ended.order_by("-pk")[:EARLIER_RUNS])


def _ratios(runs: Iterable[Run]) -> Iterable[tuple[str, float]]:
    """Of each run its preset, and how many times as long it took as its operations say."""
    for run in runs:
        recipe = _recipe(run)
        if recipe is not None and run.seconds:
            samples = run.epoch * (recipe.epoch_samples or run.training_images)
            yield run.preset, run.seconds / (samples * sample_seconds(recipe))


def _recipe(run: Run) -> Hyperparameters | None:
    """The recipe of a run; None where this code no longer knows one of its values."""
    try:
        return run.recipe
    except ValueError:
        return None


def as_data(by_preset: dict[str, Estimate]) -> dict[str, dict[str, Any]]:
    """For the form's script: seconds of a sample, rounded, and whether they are measured."""
    return {
        name: {"seconds": float(f"{each.seconds:.4g}"), "measured": each.is_measured}
        for name, each in by_preset.items()
    }
