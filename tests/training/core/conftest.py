"""Small made-up data that can be learned: each class is a pattern of its own, blurred by noise."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from training.core.samples import Samples

MakeSamples = Callable[..., Samples]


@pytest.fixture
def make_samples() -> MakeSamples:
    def make(n: int = 60, *, n_inputs: int = 16, classes: int = 3, seed: int = 0, noise: float = 40) -> Samples:
        rng = np.random.default_rng(seed)
        patterns = np.random.default_rng(99).integers(0, 256, (classes, n_inputs))
        labels = np.arange(n) % classes
        inputs = patterns[labels] * 0.8 + rng.normal(0, noise, (n, n_inputs))
        return Samples(np.clip(inputs, 0, 255).astype(np.uint8), labels)

    return make
