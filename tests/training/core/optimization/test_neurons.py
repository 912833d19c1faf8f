"""Whole neurons are taken away: what is spare costs nothing, and what is not costs less than by plain cutting."""

import itertools
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from recognizer.core.network import Network
from training.core.optimization.neurons import Readers, sizes_without, without_neurons

RNG = np.random.default_rng(5)
INPUTS = RNG.random((400, 9)).astype(np.float32)


def random_network(*sizes: int, activation: str = "relu") -> Network:
    rng = np.random.default_rng(6)
    weights = tuple(rng.normal(0, 0.7, (n, m)).astype(np.float32) for m, n in itertools.pairwise(sizes))
    biases = tuple(rng.normal(0, 0.2, n).astype(np.float32) for n in sizes[1:])
    return Network(weights, biases, activation)


def doubled(network: Network) -> Network:
    """The same network with each neuron of the first hidden layer twice, each read with half the weight."""
    first, second, *rest = network.weights
    weights: tuple[Any, ...] = (np.vstack([first, first]), np.hstack([second, second]) / 2, *rest)
    return Network(weights, (np.tile(network.biases[0], 2), *network.biases[1:]), network.activation)


def distance(one: NDArray[np.floating], other: NDArray[np.floating]) -> float:
    return float(np.square(one - other).mean() / one.var())


@pytest.mark.parametrize("activation", ["relu", "gelu"])
def test_neurons_that_say_nothing_new_go_at_no_cost(activation: str) -> None:
    network = random_network(9, 10, 5, activation=activation)
    pruned, _ = without_neurons(doubled(network), INPUTS, 50)
    assert pruned.sizes == network.sizes
    assert distance(network.logits(INPUTS), pruned.logits(INPUTS)) < 1e-4


def test_the_others_make_up_for_what_goes() -> None:
    network = random_network(9, 40, 30, 5)
    pruned, _ = without_neurons(network, INPUTS, 25)
    assert pruned.sizes == (9, 30, 23, 5) == sizes_without(network.sizes, 25)
    cut = Network(
        (network.weights[0][:30], network.weights[1][:23, :30], network.weights[2][:, :23]),
        (network.biases[0][:30], network.biases[1][:23], network.biases[2]),
        "relu",
    )
    whole = network.logits(INPUTS)
    assert distance(whole, pruned.logits(INPUTS)) < 0.02 < distance(whole, cut.logits(INPUTS))


def test_who_else_reads_the_last_hidden_layer_is_kept_true() -> None:
    network = doubled(random_network(9, 8, 5))
    hidden = np.maximum(INPUTS @ network.weights[0].T + network.biases[0], 0)
    also = Readers(RNG.normal(0, 1, (3, 16)), RNG.normal(0, 1, 3))
    pruned, then = without_neurons(network, INPUTS, 50, also)
    assert then is not None
    left = np.maximum(INPUTS @ pruned.weights[0].T + pruned.biases[0], 0)
    before, after = hidden @ also.weights.T + also.biases, left @ then.weights.T + then.biases
    assert distance(network.logits(INPUTS), pruned.logits(INPUTS)) < 0.02
    assert distance(before, after) < 0.02


def test_nothing_goes_at_0_percent() -> None:
    network = random_network(9, 7, 5)
    pruned, _ = without_neurons(network, INPUTS, 0)
    assert all(np.array_equal(one, other) for one, other in zip(network.weights, pruned.weights, strict=True))
