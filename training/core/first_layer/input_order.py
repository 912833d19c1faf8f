"""The first layer's weights in the order in which a training takes its inputs, and back."""

from __future__ import annotations

import numpy as np

from training.core.first_layer.interface import Arrays
from training.core.inputs.source import Indices
from training.core.parameters import Array


class InputOrder:
    """Turns flat vectors of parameters from a state's layout into the sparse first layer's.

    A state keeps the first layer's weights neuron by neuron, (n_out, n_in). Arranged, they lie input by input,
    (n_in, n_out), the inputs in an order of their own. The same goes for whatever is kept for each parameter:
    averages, moments.

    Args:
        inputs: the order, (n_in,).
        neurons: n_out of the first layer.
    """

    def __init__(self, inputs: Indices, neurons: int) -> None:
        self._inputs = inputs
        self._shape = (neurons, len(inputs))
        self._count = neurons * len(inputs)

    def arranged(self, arrays: Arrays) -> Arrays:
        """New vectors in the sparse layer's layout; arrays that have no entry for each parameter as they are."""
        size = arrays["parameters"].size
        return {name: self._arranged(array) if array.size == size else array for name, array in arrays.items()}

    def restored(self, arrays: Arrays) -> Arrays:
        """The reverse."""
        size = arrays["parameters"].size
        return {name: self._restored(array) if array.size == size else array for name, array in arrays.items()}

    def _arranged(self, array: Array) -> Array:
        first = array[: self._count].reshape(self._shape)
        return np.concatenate([first.T[self._inputs].ravel(), array[self._count :]])

    def _restored(self, array: Array) -> Array:
        first = np.empty(self._shape[::-1], array.dtype)
        first[self._inputs] = array[: self._count].reshape(first.shape)
        return np.concatenate([first.T.ravel(), array[self._count :]])
