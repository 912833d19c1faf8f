"""Mini-batches for peers: the very letters, in the same order and changed in the same way, that ours would be given."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from recognizer.core.ink import specification
from training.core.first_layer.choice import make_first_layer
from training.core.hyperparameters import Hyperparameters
from training.core.samples import Samples, TrainingSet
from training.core.seeds import Purpose, generator

Floats = NDArray[np.float32]
Indices = NDArray[np.intp]


class MiniBatches:
    """The mini-batches of a training with this recipe on these pictures."""

    def __init__(self, recipe: Hyperparameters, sources: Sequence[Samples]) -> None:
        """Prepare what all epochs share."""
        self._seed, self._size = recipe.seed, recipe.batch_size
        self._data = TrainingSet(sources, recipe)
        ink, dtype = specification(recipe.ink_specification), np.dtype(np.float32)
        self._layer = make_first_layer(recipe, self._data.inputs, ink=ink, neurons=1, dtype=dtype)

    def __len__(self) -> int:
        """Mini-batches of an epoch."""
        return -(-len(self._data) // self._size)

    def epoch(self, number: int) -> Iterator[tuple[Floats, Indices]]:
        """Inputs (m, n_in) in 0…1 and labels (m,) of each mini-batch of an epoch, counted from 0."""
        order = self._data.order(generator(self._seed, Purpose.SHUFFLE, number), number)
        order = self._layer.begin_epoch(generator(self._seed, Purpose.AUGMENTATION, number), order, self._size)
        for start in range(0, len(order), self._size):
            chosen = order[start : start + self._size]
            inputs = self._layer.mini_batch(start, len(chosen)).inputs()[:, : len(chosen)]
            yield np.multiply(inputs.T, np.float32(self._layer.unit), order="C"), self._data.labels[chosen]
