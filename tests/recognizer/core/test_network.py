"""The forward pass is the thesis's equations, and a network holds together."""

import hashlib
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from recognizer.core.network import Network, NetworkError
from tests.recognizer.core.networks import random_network

ACTIVATIONS: dict[str, Callable[[float], float]] = {
    "sigmoid": lambda v: 1 / (1 + math.exp(-v)),
    "relu": lambda v: max(v, 0.0),
    "gelu": lambda v: v / 2 * (1 + math.tanh(math.sqrt(2 / math.pi) * (v + 0.044715 * v**3))),
}


def forward_by_hand(network: Network, inputs: list[float]) -> list[float]:
    """Thesis §1.2 neuron by neuron, in Python's own floats."""
    a = inputs
    for layer, (w, b) in enumerate(zip(network.weights, network.biases, strict=True), start=1):
        z = [
            float(sum(wi * ai for wi, ai in zip(row.tolist(), a, strict=True)) + bias)
            for row, bias in zip(w, b, strict=True)
        ]
        if layer == len(network.weights):
            return z
        a = [ACTIVATIONS[network.activation](v) for v in z]
    raise AssertionError


@pytest.mark.parametrize("activation", ["relu", "sigmoid", "gelu"])
@pytest.mark.parametrize("sizes", [(5, 3), (6, 4, 3), (7, 5, 4, 2)])
def test_logits_and_probabilities(sizes: tuple[int, ...], activation: str) -> None:
    network = random_network(*sizes, activation=activation)
    inputs = np.random.default_rng(1).random((4, sizes[0]), dtype=np.float32)
    logits, probabilities = network.logits(inputs), network.probabilities(inputs)
    assert logits.dtype == probabilities.dtype == np.float32
    for row, logit, probability in zip(inputs, logits, probabilities, strict=True):
        by_hand = forward_by_hand(network, row.tolist())
        assert logit.tolist() == pytest.approx(by_hand, abs=1e-5)
        powers = [math.exp(z) for z in by_hand]
        assert probability.tolist() == pytest.approx([power / sum(powers) for power in powers], abs=1e-5)


def test_sizes_and_parameters() -> None:
    network = random_network(784, 256, 128, 33)
    assert network.sizes == (784, 256, 128, 33)
    assert network.parameter_count == 784 * 256 + 256 + 256 * 128 + 128 + 128 * 33 + 33


def test_arrays_are_own_and_read_only() -> None:
    weights, biases = np.ones((2, 3)), np.zeros(2)
    network = Network((weights,), (biases,), "relu")  # type: ignore[arg-type]
    weights[0, 0] = 9
    assert network.weights[0].dtype == np.float32
    assert network.weights[0].tolist() == [[1, 1, 1], [1, 1, 1]]
    with pytest.raises(ValueError, match="read-only"):
        network.weights[0][0, 0] = 5


def test_weights_sha256_is_layer_by_layer() -> None:
    network = random_network(4, 3, 2)
    arrays = [array for layer in zip(network.weights, network.biases, strict=True) for array in layer]
    assert network.weights_sha256() == hashlib.sha256(b"".join(array.tobytes() for array in arrays)).hexdigest()
    in_columns = Network(tuple(np.asfortranarray(w) for w in network.weights), network.biases, "sigmoid")
    assert in_columns.weights_sha256() == network.weights_sha256()
    assert random_network(4, 3, 2, seed=1).weights_sha256() != network.weights_sha256()


@pytest.mark.parametrize(
    ("weights", "biases", "activation", "message"),
    [
        ([], [], "relu", "at least one"),
        ([(2, 3)], [], "relu", "not 0 and 1"),
        (
            [(2, 3), (4, 3)],
            [(2,), (4,)],
            "relu",
            r"weights of layer 2 have shape \(4, 3\); they must be \(neurons, 2\)",
        ),
        ([(2, 3)], [(3,)], "relu", r"biases of layer 1 have shape \(3,\); they must be \(2,\)"),
        ([(2, 3)], [(2, 1)], "relu", "biases of layer 1"),
        ([(6,)], [(6,)], "relu", "weights of layer 1"),
        ([(0, 3)], [(0,)], "relu", "weights of layer 1"),
        ([(2, 0)], [(2,)], "relu", "weights of layer 1"),
        ([(2, 3)], [(2,)], "tanh", "“tanh” is not one of sigmoid, relu, gelu"),
    ],
)
def test_what_is_not_a_network(weights: Any, biases: Any, activation: str, message: str) -> None:
    with pytest.raises(NetworkError, match=message):
        Network(
            tuple(np.zeros(s, np.float32) for s in weights), tuple(np.zeros(s, np.float32) for s in biases), activation
        )


@pytest.mark.parametrize("shape", [(3,), (2, 4), (1, 2, 3)])
def test_inputs_that_do_not_fit(shape: tuple[int, ...]) -> None:
    with pytest.raises(NetworkError, match="takes inputs of 3 values"):
        random_network(3, 2).logits(np.zeros(shape, np.float32))


def test_bytes_are_read_as_their_floats() -> None:
    network = random_network(6, 4, 3)
    inputs = np.random.default_rng(5).integers(0, 256, (4, network.sizes[0]), dtype=np.uint8)

    floats = (inputs / 255).astype(np.float32)

    np.testing.assert_allclose(network.read(inputs), network.probabilities(floats), rtol=1e-6)
