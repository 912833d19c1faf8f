"""What a run has where the person who starts it has not chosen: the form and the command show it before it is used."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from training.core.hyperparameters import PRESET_LINES, SHARES, Hyperparameters
from training.datasets.content.splitting import Split
from training.datasets.models import Dataset

DEFAULT_PRESET = "standard"
PRESET_HELP = "; ".join(f"{name}: {line}" for name, line in PRESET_LINES.items())
"""What the option `--preset` of a command takes."""
EPOCH_SAMPLES = 30_000
"""Least samples of an epoch with synthetic letters, as far as there are so many: with few letters of people an epoch of
their number would be a step or two."""
FIRST_SHOWN, LAST_SHOWN = 10, 40
"""How often a letter of people is shown in the first and in the last epoch, at most: these and the floor were chosen on
validation (docs/figures/mixing.md)."""
SYNTHETIC_SHARE = 0.03
"""Least share of synthetic letters in the first epoch, however many letters of people there are."""


@dataclass(frozen=True)
class Source:
    """What decides the share of a data set: training pictures of each letter, and whether these are synthetic."""

    counts: Sequence[int]
    is_synthetic: bool

    @classmethod
    def of(cls, dataset: Dataset) -> "Source":
        """That of a data set."""
        return cls(dataset.counts(Split.TRAIN), dataset.is_synthetic)


def fitting_shares(sources: Sequence[Source], hyperparameters: Hyperparameters) -> dict[str, Any]:
    """Shares and samples of an epoch that fit letters of people and synthetic ones together; else nothing.

    Synthetic letters fill what letters of people cannot without being shown too often. They fade: the fewer letters of
    people there are, the less. A letter that only they have keeps them from fading below its part of the class set.
    Nothing fits better than what is chosen: where shares are given there is nothing to offer.
    """
    kinds = {source.is_synthetic for source in sources}
    if len(kinds) < 2 or any(getattr(hyperparameters, name) for name in SHARES):
        return {}
    sizes = [sum(source.counts) for source in sources]
    of_people = sum(size for size, source in zip(sizes, sources, strict=True) if not source.is_synthetic)
    samples = hyperparameters.epoch_samples or max(of_people, min(sum(sizes), EPOCH_SAMPLES))
    lacking = _lacking(sources)
    first = max(SYNTHETIC_SHARE, lacking, 1 - FIRST_SHOWN * of_people / samples)
    last = max(lacking, 1 - LAST_SHOWN * of_people / samples)
    weights = [size**hyperparameters.source_balance for size in sizes]
    return {
        "source_weights": _shares(weights, sources, first),
        "closing_weights": _shares(weights, sources, last),
        "epoch_samples": samples,
    }


def _lacking(sources: Sequence[Source]) -> float:
    """The part of the class set that no letter of people shows."""
    of_people = [source.counts for source in sources if not source.is_synthetic]
    totals = [sum(of_letter) for of_letter in zip(*of_people, strict=True)]
    return totals.count(0) / len(totals)


def _shares(weights: Sequence[float], sources: Sequence[Source], synthetic: float) -> tuple[float, ...]:
    """Share of each data set by its weight; the synthetic ones have `synthetic` together."""
    pairs = [(weight, source.is_synthetic) for weight, source in zip(weights, sources, strict=True)]
    totals = {kind: sum(weight for weight, of_kind in pairs if of_kind == kind) or 1 for kind in (True, False)}
    shares = {True: synthetic, False: 1 - synthetic}
    return tuple(round(shares[kind] * weight / totals[kind], 4) for weight, kind in pairs)
