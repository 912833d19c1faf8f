"""Figures 32 to 34: the weighted sum of a first hidden neuron under both initialisations, drawn and by formula.

1,000 inputs, half of them 1 and half 0 (§2.10). With weights and bias from N(0, 1), z = Σ w x + b has the standard
deviation √501 ≈ 22.4: the neuron is saturated. With weights from N(0, 1/√1000) it is √(3/2) ≈ 1.22.
"""

import math
from collections.abc import Mapping
from functools import lru_cache

import numpy as np

INPUTS, ONES = 1_000, 500
NEURONS = 20_000
SEED = 2024
BINS = 41
DEVIATIONS: Mapping[str, float] = {"normal": math.sqrt(ONES + 1), "scaled-normal": math.sqrt(ONES / INPUTS + 1)}
"""Of z, by initializer."""

Points = list[tuple[float, float]]


@lru_cache(maxsize=len(DEVIATIONS))
def drawn(initializer: str) -> tuple[tuple[float, float], ...]:
    """The distribution of z over 20,000 neurons: middle of a bin and density."""
    rng = np.random.default_rng(SEED)
    scale = 1 / math.sqrt(INPUTS) if initializer == "scaled-normal" else 1.0
    sums = rng.standard_normal(NEURONS)  # biases
    for _start in range(ONES):
        sums += scale * rng.standard_normal(NEURONS)  # the weight of one more input that is 1
    edge = 4 * DEVIATIONS[initializer]
    density, edges = np.histogram(sums, BINS, (-edge, edge), density=True)
    middles = (edges[1:] + edges[:-1]) / 2
    return tuple((round(float(z), 4), float(f"{y:.4g}")) for z, y in zip(middles, density, strict=True))


def normal_curve(initializer: str) -> Points:
    """The density of N(0, deviation) at the same places."""
    s = DEVIATIONS[initializer]
    return [
        (z, float(f"{math.exp(-z * z / (2 * s * s)) / (s * math.sqrt(2 * math.pi)):.4g}"))
        for z, _density in drawn(initializer)
    ]
