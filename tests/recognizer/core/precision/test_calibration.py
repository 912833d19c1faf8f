"""Networks made whole: they say what their parents say, and no more is lost than their bits explain."""

import numpy as np
import pytest
from numpy.typing import NDArray

from recognizer.core.network import Network, NetworkError
from recognizer.core.precision import to_precision
from recognizer.core.precision.calibration import calibrated
from tests.recognizer.core.integer_reference import reference
from tests.recognizer.core.networks import random_network

SIZES = (60, 24, 16, 10)


def bytes_of(count: int, seed: int) -> NDArray[np.uint8]:
    """Inputs with something in common, as letters have, a third of them 0."""
    rng = np.random.default_rng(seed)
    mixed = rng.normal(size=(count, 12)) @ np.random.default_rng(3).normal(size=(12, SIZES[0]))
    return np.clip(mixed * 40 + 60, 0, 255).astype(np.uint8)


def agreement(network: Network, precision: str) -> tuple[float, float]:
    """Share of 2,000 inputs read alike, and the correlation of all logits."""
    inputs = bytes_of(2000, 2)
    whole = calibrated(network, bytes_of(600, 1), precision).network
    ours, theirs = whole.read_layers(inputs)[1], network.read_layers(inputs)[1]
    assert (whole.whole_logits(inputs[:50]) == reference(whole, inputs[:50])[1]).all()
    same = float((ours.argmax(axis=1) == theirs.argmax(axis=1)).mean())
    return same, float(np.corrcoef(ours.ravel(), theirs.ravel())[0, 1])


@pytest.mark.parametrize("activation", ["relu", "gelu", "sigmoid"])
@pytest.mark.parametrize(("precision", "alike"), [("int8", 0.97), ("int4", 0.8), ("int2", 0.4)])
def test_it_says_what_its_parent_says(activation: str, precision: str, alike: float) -> None:
    network = random_network(*SIZES, activation=activation)
    same, correlation = agreement(network, precision)
    assert same > alike
    assert correlation > {"int8": 0.999, "int4": 0.97, "int2": 0.7}[precision]


def test_the_same_inputs_make_the_same_network() -> None:
    network = random_network(*SIZES)
    first, second, other = (calibrated(network, bytes_of(100, seed), "int4").network for seed in (1, 1, 5))
    assert first.weights_sha256() == second.weights_sha256() != other.weights_sha256()


@pytest.mark.parametrize("activation", ["relu", "gelu", "sigmoid"])
def test_bytes_of_the_last_hidden_layer_stand_for_the_parents_values(activation: str) -> None:
    network = random_network(*SIZES, activation=activation)
    made = calibrated(network, bytes_of(600, 1), "int8")
    values = made.zero + made.units * made.network.read_layers(bytes_of(200, 2))[0]
    wanted = network.read_layers(bytes_of(200, 2))[0]
    assert np.abs(values - wanted).mean() < 0.02 * wanted.std()


def test_a_network_without_hidden_layers_and_one_with_silent_neurons() -> None:
    same, _ = agreement(random_network(SIZES[0], SIZES[-1]), "int8")
    assert same > 0.97
    network = random_network(*SIZES)
    biases = (network.biases[0] - np.float32(1e3), *network.biases[1:])
    silent = calibrated(Network(network.weights, biases), bytes_of(100, 1), "int4").network
    assert (silent.read_layers(bytes_of(5, 2))[1] == silent.read_layers(bytes_of(5, 3))[1]).all()
    still = Network((np.zeros((3, 60), np.float32), *random_network(3, 2).weights), (np.zeros(3), np.zeros(2)))  # type: ignore[arg-type]
    made = calibrated(still, bytes_of(100, 1), "int8").network
    assert made.read_layers(bytes_of(2, 2))[1] == pytest.approx(0, abs=0.01)


def test_heavy_rows_are_kept_from_overflowing() -> None:
    rng = np.random.default_rng(4)
    weights = (rng.choice([-1, 1], (4, 1200)).astype(np.float32), rng.normal(size=(3, 4)).astype(np.float32))
    network = Network(weights, (np.zeros(4, np.float32), np.zeros(3, np.float32)))
    inputs = rng.integers(0, 256, (300, 1200), dtype=np.uint8)
    whole = calibrated(network, inputs, "int8").network
    assert whole.layers[0].largest_sum() < 2**24
    assert np.corrcoef(whole.read_layers(inputs)[1].ravel(), network.read_layers(inputs)[1].ravel())[0, 1] > 0.99


def test_too_few_inputs_and_other_ones_are_refused() -> None:
    network = random_network(*SIZES)
    for inputs in (bytes_of(31, 1), np.zeros((100, 59), np.uint8)):
        with pytest.raises(NetworkError, match="at least 32 inputs of 60 values"):
            calibrated(network, inputs, "int8")


def test_rounded_weights_stay_as_they_are() -> None:
    network = random_network(*SIZES)
    rounded = to_precision(network, "int8-weights")
    assert to_precision(rounded, "int8-weights").weights_sha256() == rounded.weights_sha256()
    for ours, theirs in zip(rounded.weights, network.weights, strict=True):
        largest = np.abs(theirs).max(axis=1, keepdims=True)
        assert (np.abs(ours - theirs) <= largest / 127 * 0.5001).all()
        assert len(np.unique(ours[0])) <= 255
    with pytest.raises(NetworkError, match="needs a calibration"):
        to_precision(network, "int4")
