"""Whole numbers through numpy's floats: the very integers of plain int64, and nothing that could overflow."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognizer.core.network import Network, NetworkError
from recognizer.core.precision import IntegerLayer, IntegerNetwork, in_floats
from recognizer.core.precision.levels import pack, unpack
from tests.recognizer.core.integer_reference import random_whole, reference
from tests.recognizer.core.networks import random_network


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    sizes=st.tuples(st.integers(1, 40), st.integers(1, 20), st.integers(1, 20), st.integers(1, 12)).map(tuple),
    hidden=st.integers(0, 2),
    activation=st.sampled_from(["relu", "gelu", "sigmoid"]),
    precision=st.sampled_from(["int8", "int4", "int2"]),
)
def test_the_integers_of_the_reference(
    seed: int, sizes: tuple[int, ...], hidden: int, activation: str, precision: str
) -> None:
    rng = np.random.default_rng(seed)
    network = random_whole(rng, (sizes[0], *sizes[1 : 1 + hidden], sizes[3]), activation, precision)
    inputs = rng.integers(0, 256, (9, sizes[0]), dtype=np.uint8)
    inputs[0], inputs[1] = 0, 255
    wanted_hidden, wanted = reference(network, inputs)
    found_hidden, scores = network.read_layers(inputs)
    assert (found_hidden == wanted_hidden).all()
    assert (network.whole_logits(inputs) == wanted).all()
    assert (scores == wanted.astype(np.float32) * np.float32(network.logit_scale)).all()
    assert (network.whole_logits(inputs[3:4]) == wanted[3:4]).all(), "one alone as among others"


def at_the_limit(excess: int) -> IntegerNetwork:
    """A layer whose largest sum is 2²⁴ − 1 with 516 weights of 127, and one more bias to go beyond by."""
    n_in = (2**24 - 1) // (127 * 255)
    rest = 2**24 - 1 - n_in * 127 * 255 + excess
    weights = np.full((2, n_in), 127, np.int8)
    weights[1] = -127
    biases = np.array([rest, -rest], np.int16)
    last = IntegerLayer(weights, biases, 0, np.array([65535, 65535], np.uint16), np.full(2, 16, np.uint8))
    return IntegerNetwork((last,), "relu", "int8", 1e-3)


def test_sums_up_to_the_limit_are_exact() -> None:
    network = at_the_limit(0)
    inputs = np.full((300, network.sizes[0]), 255, np.uint8)
    inputs[1:, 0] = 254
    wanted = reference(network, inputs)[1]
    assert network.layers[0].largest_sum() == 2**24 - 1
    assert (network.whole_logits(inputs) == wanted).all()
    assert wanted[0].tolist() == [((2**24 - 1) * 65535 + 32768) >> 16, (-(2**24 - 1) * 65535 + 32768) >> 16]


def test_what_can_overflow_is_refused() -> None:
    with pytest.raises(NetworkError, match="layer 1 can overflow in int8"):
        at_the_limit(1)


@pytest.mark.parametrize(
    "changes",
    [
        {"weights": np.full((3, 4), -128, np.int8)},
        {"bias_shift": 16},
        {"multipliers": np.ones(2, np.uint16)},
        {"multipliers": np.full(3, 2, np.uint16)},
        {"shifts": np.full(3, 41, np.uint8)},
        {"table": np.zeros(256, np.uint8)},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_layer_that_is_none(changes: dict[str, object]) -> None:
    network = random_whole(np.random.default_rng(1), (4, 3, 2), "relu", "int8")
    layer = dataclasses.replace(network.layers[0], **changes)  # type: ignore[arg-type]
    with pytest.raises(NetworkError, match="Layer 1 is not one of int8"):
        dataclasses.replace(network, layers=(layer, network.layers[1]))


@pytest.mark.parametrize("scale", [0.0, -1.0, 1e7, float("nan"), float("inf")])
def test_a_logit_is_worth_something(scale: float) -> None:
    network = random_whole(np.random.default_rng(1), (4, 2), "relu", "int4")
    with pytest.raises(NetworkError, match="What a logit is worth"):
        dataclasses.replace(network, logit_scale=scale)


def test_other_inputs_are_refused() -> None:
    network = random_whole(np.random.default_rng(1), (4, 2), "relu", "int4")
    with pytest.raises(NetworkError, match="takes inputs of 4 values"):
        network.read(np.zeros((1, 5), np.uint8))
    assert network.read(np.zeros((2, 4), np.uint8)).sum(axis=1) == pytest.approx([1, 1])


@given(st.integers(0, 2**32 - 1), st.integers(1, 5), st.integers(1, 17), st.sampled_from([8, 4, 2]))
def test_packed_weights_are_unpacked(seed: int, rows: int, count: int, bits: int) -> None:
    largest = {8: 127, 4: 15, 2: 3}[bits]
    whole = np.random.default_rng(seed).integers(-largest, largest + 1, (rows, count)) | (0 if bits == 8 else 1)
    packed = pack(whole.astype(np.int8), bits)
    assert packed.shape == (rows, -(-count * bits // 8))
    assert (unpack(packed, count, bits) == whole).all()


def test_the_first_weight_is_in_the_lowest_bits() -> None:
    assert pack(np.array([[-15, 15, 1]], np.int8), 4).tolist() == [[0xF0, 0x08]]
    assert pack(np.array([[-3, -1, 1, 3, 1]], np.int8), 2).tolist() == [[0b11100100, 0b10]]
    with pytest.raises(ValueError, match="bits after"):
        unpack(np.array([[0xF0, 0x18]], np.uint8), 3, 4)


def test_which_networks_are_in_floats() -> None:
    network = random_network(4, 3)
    assert in_floats(network) is network
    assert isinstance(network, Network)
    with pytest.raises(NetworkError, match=r"whole numbers \(int2\)"):
        in_floats(random_whole(np.random.default_rng(1), (4, 2), "relu", "int2"))
