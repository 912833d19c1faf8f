"""What cannot be written in C is refused in one line, and what is written is text that C takes."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from recognizer.core.c_header import CHeaderError, to_header
from recognizer.core.c_header.grids import tables
from recognizer.core.ink.directions import windows
from recognizer.core.model_card import ModelCard
from recognizer.core.model_file import ModelFile
from recognizer.core.precision import AnyNetwork, IntegerLayer, IntegerNetwork
from tests.recognizer.core.integer_reference import random_whole
from tests.recognizer.core.networks import random_network


def model_of(network: AnyNetwork, precision: str, ink: str = "directions-1-coarse") -> ModelFile:
    card = ModelCard(
        name="model", sizes=network.sizes, activation="relu", ink_specification=ink, created="2026-11-29",
        letters="АБ", precision=precision, versions={},
    )  # fmt: skip
    return ModelFile(network, card, "5e" * 32)


def whole(*sizes: int) -> AnyNetwork:
    return random_whole(np.random.default_rng(1), sizes, "relu", "int4")


def layer_of_nothing(n_in: int, n_out: int, multipliers: NDArray[np.uint16], shifts: NDArray[np.uint8]) -> IntegerLayer:
    return IntegerLayer(np.zeros((n_out, n_in), np.int8), np.zeros(n_out, np.int16), 0, multipliers, shifts)


@pytest.mark.parametrize("precision", ["fp32", "fp16", "int8-weights"])
def test_floating_point(precision: str) -> None:
    with pytest.raises(CHeaderError, match="compress it to int8, int4, int2 first"):
        to_header(model_of(random_network(200, 4, 2), precision))


@pytest.mark.parametrize("ink", ["raw-28", "moments-1", "moments-2"])
def test_ink_that_c_does_not_know(ink: str) -> None:
    with pytest.raises(CHeaderError, match=f"reads {ink}"):
        to_header(model_of(whole(784, 4, 2), "int4", ink))


def test_a_layer_that_is_too_wide() -> None:
    wide = 65_536
    first = layer_of_nothing(200, wide, np.ones(wide, np.uint16), np.zeros(wide, np.uint8))
    last = layer_of_nothing(wide, 2, np.ones(2, np.uint16), np.full(2, 16, np.uint8))
    with pytest.raises(CHeaderError, match="65,535 neurons"):
        to_header(model_of(IntegerNetwork((first, last), "relu", "int8", 1.0), "int8"))


def test_names_that_would_end_the_comment() -> None:
    model = model_of(whole(200, 4, 2), "int4")
    text = to_header(replace(model, card=replace(model.card, name="*/ int x; /* */*/", letters="*/", licence="/*/")))
    comment = text[2:].split("*/")[0]
    assert "int x;" in comment
    assert "SHA-256:  " + "5e" * 32 in comment
    assert "/*" not in comment


def test_the_same_file_gives_the_same_header() -> None:
    assert to_header(model_of(whole(200, 4, 2), "int4")) == to_header(model_of(whole(200, 4, 2), "int4"))


@pytest.mark.parametrize("grid", [5, 7, 10])
def test_windows_four_apart_never_meet(grid: int) -> None:
    """Their sums share a place."""
    first, weights, lasts = tables(grid)
    dense = windows(grid) > 0
    for window in range(grid - 4):
        assert lasts[window] < dense[window + 4].argmax()
    for pixel in range(28):
        seen = np.zeros(grid + 4)
        seen[first[pixel] : first[pixel] + 4] = weights[pixel]
        assert (seen[:grid] == windows(grid)[:, pixel]).all()
