"""Pruning during the training: the smallest weights become 0 and stay so (Zhu, Gupta 2017).

The share of zeros in each layer climbs from 0 to the final sparsity s as s (1 − (1 − t)³), t going from 0 to 1
between two points of the training: quickly while there is much to spare, slowly near the end. Biases and gains
are not pruned. The zeros are the mask, so a checkpoint needs nothing more.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from training.core.hyperparameters import Hyperparameters
from training.core.parameters import Array, Parameters
from training.core.state import TrainingState

EVERY = 100
"""Steps between two updates of the masks."""


class Pruning:
    """The masks of a training's weights.

    Args:
        hyperparameters: sparsity, and between which shares of the training it climbs.
        parameters: whose weights are masked.
        average: the averaged parameters, masked alike, or None.
        steps: of the whole training.
    """

    def __init__(
        self, hyperparameters: Hyperparameters, parameters: Parameters, average: Parameters | None, *, steps: int
    ) -> None:
        self._sparsity = hyperparameters.sparsity
        self._end = min(round(hyperparameters.pruning_end * steps), steps - 1)
        self._begin = min(round(hyperparameters.pruning_begin * steps), self._end - 1)
        self._weights = parameters.weights
        self._averages = average.weights if average is not None else []
        self._masks: list[Array] = [(weights != 0).astype(weights.dtype) for weights in self._weights]

    def apply(self, step: int) -> None:
        """Keep masked weights at 0 after step number `step`; every `EVERY` steps mask more of them."""
        if self._begin < step <= self._end and (step % EVERY == 0 or step == self._end):
            self._choose(sparsity_at(step, self._begin, self._end, self._sparsity))
        for weights, mask in zip(self._weights, self._masks, strict=True):
            weights *= mask

    def _choose(self, sparsity: float) -> None:
        """Mask this share of each layer: the weights of smallest magnitude, which those already masked are."""
        for weights, mask in zip(self._weights, self._masks, strict=True):
            count = round(sparsity * weights.size)
            if count:
                smallest = np.argpartition(np.abs(weights), count - 1, axis=None)[:count]
                mask.flat[smallest] = 0
        for average, mask in zip(self._averages, self._masks, strict=False):
            average *= mask


def start_pruning(state: TrainingState, parameters: Parameters, *, steps: int) -> Pruning | None:
    """The pruning of a training that begins or resumes with these parameters; None without pruning."""
    if not state.hyperparameters.sparsity:
        return None
    average = parameters.view(state.arrays["average"]) if "average" in state.arrays else None
    return Pruning(state.hyperparameters, parameters, average, steps=steps)


def sparsity_of(weights: Sequence[Array]) -> float:
    """The share of zeros among all weights of a network, 0…1."""
    return float(1 - sum(map(np.count_nonzero, weights)) / sum(array.size for array in weights))


def sparsity_at(step: int, begin: int, end: int, final: float) -> float:
    """The share of zeros that a layer has after this step: (1) of Zhu, Gupta 2017, from 0 on."""
    done = min(1.0, max(0.0, (step - begin) / (end - begin)))
    return float(final * (1 - (1 - done) ** 3))
