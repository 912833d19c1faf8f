"""A fully connected network that has been trained: the forward pass."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from recognizer.core.activations import ACTIVATIONS, softmax
from recognizer.core.inputs import unit_floats
from recognizer.core.messages import message as _

Array = npt.NDArray[np.float32]


class NetworkError(ValueError):
    """Weights, biases and activation that do not make a network, or an input that does not fit it."""


@dataclass(frozen=True, eq=False)
class Network:
    """Layers a' = activation(W a + b); the last one gives logits.

    `weights[i]` is (n_out, n_in) and `biases[i]` (n_out,), both float32; one layer's n_out is the next
    one's n_in. The arrays are copied when they are not float32, and made read-only. Raises NetworkError.
    """

    weights: tuple[Array, ...]
    biases: tuple[Array, ...]
    activation: str = "relu"

    def __post_init__(self) -> None:
        """Check that the shapes chain, and freeze the arrays."""
        object.__setattr__(self, "weights", tuple(_frozen(array) for array in self.weights))
        object.__setattr__(self, "biases", tuple(_frozen(array) for array in self.biases))
        if self.activation not in ACTIVATIONS:
            raise NetworkError(
                _("The activation “%(activation)s” is not one of %(activations)s.")
                % {"activation": self.activation, "activations": ", ".join(ACTIVATIONS)}
            )
        check_shapes([array.shape for array in self.weights], [array.shape for array in self.biases])

    @cached_property
    def _layers(self) -> tuple[list[tuple[Array, Array]], tuple[Array, Array]]:
        """Wᵀ and b of each hidden layer, and of the last. Made once: one image took 23 µs, and takes 20."""
        *hidden, last = ((np.ascontiguousarray(w.T), b) for w, b in zip(self.weights, self.biases))
        return hidden, last

    @property
    def sizes(self) -> tuple[int, ...]:
        """Neurons of each layer, from the input to the output."""
        return (self.weights[0].shape[1], *(array.shape[0] for array in self.weights))

    @property
    def parameter_count(self) -> int:
        """Weights and biases together."""
        return sum(array.size for array in self.weights + self.biases)

    def last_layers(self, inputs: Array) -> tuple[Array, Array]:
        """The last hidden layer (m, hidden) and scores (m, classes) of inputs (m, n_in) in 0…1.

        Thesis §1.2: z = W a + b, a = activation(z). Without hidden layers the inputs take the last one's place.
        """
        if inputs.ndim != 2 or inputs.shape[1] != self.weights[0].shape[1]:
            raise NetworkError(
                _("This network takes inputs of %(n_in)s values, not an array %(shape)s.")
                % {"n_in": self.sizes[0], "shape": inputs.shape}
            )
        activation = ACTIVATIONS[self.activation]
        a = inputs.astype(np.float32, copy=False)
        hidden, (last, biases) = self._layers
        for w, b in hidden:
            a = a @ w
            a += b
            a = activation(a)
        z = a @ last
        z += biases
        return a, z

    def logits(self, inputs: Array) -> Array:
        """Scores (m, classes) of inputs (m, n_in) in 0…1."""
        return self.last_layers(inputs)[1]

    def probabilities(self, inputs: Array) -> Array:
        """Probabilities (m, classes) of inputs (m, n_in), thesis (1.3)."""
        return softmax(self.logits(inputs))

    def read_layers(self, inputs: npt.NDArray[np.uint8]) -> tuple[Array, Array]:
        """The last hidden layer (m, hidden) and scores (m, classes) of inputs (m, n_in), bytes."""
        return self.last_layers(unit_floats(inputs))

    def read(self, inputs: npt.NDArray[np.uint8]) -> Array:
        """Probabilities (m, classes) of inputs (m, n_in) as an ink specification makes them: bytes."""
        return self.probabilities(unit_floats(inputs))

    def bound(self) -> float:
        """A number that no neuron's |z| can exceed, whatever the input in 0…1; infinite beyond float32's range."""
        a = np.ones(self.sizes[0], np.float32)
        largest = 0.0
        with np.errstate(over="ignore", invalid="ignore"):
            for w, b in zip(self.weights, self.biases):
                z = np.abs(w) @ a + np.abs(b)
                largest = max(largest, float(np.nan_to_num(z, nan=np.inf, posinf=np.inf).max()))
                a = np.ones_like(z) if self.activation == "sigmoid" else z
        return largest

    def weights_sha256(self) -> str:
        """SHA-256 layer by layer of weights, then biases, as little-endian float32, row by row."""
        digest = hashlib.sha256()
        for w, b in zip(self.weights, self.biases):
            digest.update(w.astype("<f4", copy=False).tobytes())
            digest.update(b.astype("<f4", copy=False).tobytes())
        return digest.hexdigest()


def check_shapes(weights: list[tuple[int, ...]], biases: list[tuple[int, ...]]) -> None:
    """Raise NetworkError unless the shapes are those of layers, each taking what the one before gives."""
    if not weights or len(weights) != len(biases):
        raise NetworkError(
            _("A network has as many biases as weights, at least one; not %(biases)s and %(weights)s.")
            % {"biases": len(biases), "weights": len(weights)}
        )
    inputs = weights[0][1] if len(weights[0]) == 2 else 0
    for layer, (w, b) in enumerate(zip(weights, biases), start=1):
        if len(w) != 2 or 0 in w or w[1] != inputs:
            raise NetworkError(
                _("The weights of layer %(layer)s have shape %(found)s; they must be (neurons, %(inputs)s).")
                % {"layer": layer, "found": w, "inputs": inputs}
            )
        if b != w[:1]:
            raise NetworkError(
                _("The biases of layer %(layer)s have shape %(found)s; they must be %(neurons)s.")
                % {"layer": layer, "found": b, "neurons": w[:1]}
            )
        inputs = w[0]


def _frozen(array: Array) -> Array:
    """The array as a read-only, contiguous float32 of its own."""
    own = np.array(array, dtype=np.float32, order="C")
    own.flags.writeable = False
    return own
