"""The first layer's weights as a training works on them, and as a state keeps them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.core.parameters import Array
from training.core.state import TrainingState


@dataclass(frozen=True)
class Arrangement:
    """A training may take its inputs in an order of its own (staircase.py); then the first layer follows.

    A state keeps the first layer's weights neuron by neuron, (n_out, n_in); arranged, they stand input by
    input, the inputs in the order `pixels`. It goes for all that is kept for each weight: averages, moments.

    Attributes:
        pixels: the order of the inputs, or None to leave all as it is.
        shape: (n_out, n_in) of the first layer.
        names: arrays that have an entry for each parameter.
    """

    pixels: NDArray[np.intp] | None
    shape: tuple[int, int]
    names: frozenset[str]

    @classmethod
    def of(cls, pixels: NDArray[np.intp] | None, state: TrainingState) -> Arrangement:
        """The arrangement of this state's arrays for inputs in this order."""
        size = state.arrays["parameters"].size
        n_in, n_out = state.sizes[:2]
        names = (name for name, array in state.arrays.items() if array.size == size)
        return cls(pixels, (n_out, n_in), frozenset(names))

    def arranged(self, arrays: dict[str, Array]) -> dict[str, Array]:
        """The arrays as the training works on them; new ones, if it takes the inputs in another order."""
        if self.pixels is None:
            return arrays
        return {name: self._arranged(array) if name in self.names else array for name, array in arrays.items()}

    def restored(self, arrays: dict[str, Array]) -> dict[str, Array]:
        """The reverse."""
        if self.pixels is None:
            return arrays
        return {name: self._restored(array) if name in self.names else array for name, array in arrays.items()}

    def _arranged(self, array: Array) -> Array:
        count = self.shape[0] * self.shape[1]
        first = array[:count].reshape(self.shape)
        return np.concatenate([first.T[self.pixels].ravel(), array[count:]])

    def _restored(self, array: Array) -> Array:
        count = self.shape[0] * self.shape[1]
        first = np.empty(self.shape[::-1], array.dtype)
        first[self.pixels] = array[:count].reshape(first.shape)
        return np.concatenate([first.T.ravel(), array[count:]])
