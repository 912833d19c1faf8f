"""The staircase against the whole products, and the order of pixels and samples that it rests on."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.training.core.textbook import Textbook, one_hot, recipe
from training.core.arrangement import Arrangement
from training.core.augmentation import make_inputs
from training.core.inked import AT_ONCE, InkedInputs
from training.core.inputs import padded
from training.core.parameters import PIECE, pieces
from training.core.samples import Bytes, Samples, TrainingSet
from training.core.seeds import Purpose, generator
from training.core.staircase import PixelOrder, Rows, Stairs, tile_height, tiles
from training.core.state import TrainingState
from training.core.trainer import Loop

DOUBLE = np.dtype(np.float64)


def letters(samples: int, n_in: int, *, ink: float = 0.3, seed: int = 0) -> Bytes:
    """Pixels of which some are inked often and some never; some samples have no ink at all."""
    rng = np.random.default_rng(seed)
    often = ink * rng.random(n_in) ** 3 * (rng.random(n_in) < 0.9)
    values = rng.integers(1, 256, (samples, n_in))
    return np.where(rng.random((samples, n_in)) < often, values, 0).astype(np.uint8)


def prepared(inputs: Bytes, batch: int, neurons: int = 5, *, inverted: bool = False) -> tuple[InkedInputs, np.ndarray]:
    made = InkedInputs(inputs, inverted=inverted, neurons=neurons, dtype=DOUBLE)
    order = np.random.default_rng(1).permutation(len(inputs))
    return made, made.begin_epoch(np.random.default_rng(0), order, batch)


@settings(max_examples=25, deadline=None)
@given(
    n_in=st.integers(1, 3 * PIECE + 5),
    batch=st.integers(1, 2 * AT_ONCE),
    neurons=st.sampled_from([1, 3, 300, 5000]),
    inverted=st.booleans(),
)
def test_staircase_gives_the_whole_products(n_in: int, batch: int, neurons: int, inverted: bool) -> None:
    samples = 300 if neurons <= 300 else 40
    inputs = letters(samples, n_in, seed=n_in)
    made, order = prepared(inputs, batch, neurons, inverted=inverted)
    rng = np.random.default_rng(2)
    weights = np.asfortranarray(rng.normal(size=(neurons, n_in)))
    for start in range(0, samples, batch):
        chosen = order[start : start + batch]
        columns = padded(len(chosen))
        x = (255 - inputs if inverted else inputs)[chosen][:, made.pixels].astype(float)
        stairs, out = made.take(start, len(chosen)), np.empty((columns, neurons))
        stairs.forward([weights[:, piece] for piece in pieces(n_in)], Rows(out), 0.5)
        np.testing.assert_allclose(out[: len(chosen)], 0.5 * x @ weights.T, rtol=1e-9, atol=1e-9)
        delta, into = np.zeros((columns, neurons)), np.asfortranarray(rng.normal(size=(neurons, n_in)))
        delta[: len(chosen)] = rng.normal(size=(len(chosen), neurons))
        expected = 0.25 * into + 2 * delta[: len(chosen)].T @ x
        stairs.gradient(Rows(delta), [into[:, piece] for piece in pieces(n_in)], 2, 0.25)
        np.testing.assert_allclose(into, expected, rtol=1e-9, atol=1e-9)


def test_a_piece_without_ink_is_not_multiplied() -> None:
    """NaN in weights that no ink meets does not show: they were left out."""
    inputs = np.zeros((4, 2 * PIECE + 1), np.uint8)
    inputs[:, :PIECE] = 7
    made, _ = prepared(inputs, batch=4)
    weights = np.asfortranarray(np.ones((5, inputs.shape[1])))
    weights[:, -1] = np.nan
    out = np.empty((16, 5))
    made.take(0, 4).forward([weights[:, piece] for piece in pieces(inputs.shape[1])], Rows(out), 1)
    np.testing.assert_array_equal(out[:4], 7 * PIECE)


@pytest.mark.parametrize("inverted", [False, True])
def test_order_of_pixels_and_reach(inverted: bool) -> None:
    ink = letters(5000, 40)
    order = PixelOrder(255 - ink if inverted else ink, inverted=inverted)
    often = (order.inputs != 0).mean(axis=0)
    assert (np.diff(often) <= 0).all()
    np.testing.assert_array_equal(order.inputs, ink[:, order.pixels])
    for sample, reach in zip(order.inputs, order.reach, strict=True):
        assert not sample[reach:].any()
        assert reach == 0 or sample[reach - 1] != 0


@pytest.mark.parametrize("batch", [1, 15, 40, 300, 500])
def test_mini_batches_keep_their_samples_the_farthest_reach_first(batch: int) -> None:
    inputs = letters(300, 60)
    order = prepared(inputs, min(batch, 300))[1]
    before = np.random.default_rng(1).permutation(300)
    reach = PixelOrder(inputs, inverted=False).reach
    for start in range(0, 300, batch):
        mine = order[start : start + batch]
        assert set(mine) == set(before[start : start + batch])
        assert (np.diff(reach[mine]) <= 0).all()


@given(st.integers(1, 5000))
def test_pieces_cover_the_inputs_once(n_in: int) -> None:
    covered = [place for piece in pieces(n_in) for place in range(piece.start, piece.stop)]
    assert covered == list(range(n_in))


def test_tiles_cover_the_rows_once() -> None:
    assert tiles(70, 32) == ((0, 32), (32, 64), (64, 70))
    assert tiles(0, 32) == ()
    assert [tile_height(PIECE * neurons) for neurons in (256, 1024, 10_000)] == [32, 8, 0]


def test_stairs_of_a_layer_too_large_for_tiles_are_whole() -> None:
    stairs, out = Stairs([np.ones((16, PIECE))], 10_000), np.empty((16, 10_000))
    stairs.fill([16])
    stairs.forward([np.asfortranarray(np.ones((10_000, PIECE)))], Rows(out), 1)
    np.testing.assert_array_equal(out, PIECE)


def test_arrangement_is_undone() -> None:
    h = recipe(optimizer="adam", early_stopping=3, ema=0.9, batch_normalization=True, hidden_layers=(5, 4))
    state = TrainingState.begin(h, n_inputs=6, n_classes=3, dtype=np.float64)
    rng = np.random.default_rng(0)
    for array in state.arrays.values():
        array[:] = rng.normal(size=array.size)
    pixels = rng.permutation(6)
    arrangement = Arrangement.of(pixels, state)
    arranged = arrangement.arranged(state.arrays)
    np.testing.assert_array_equal(
        arranged["average"][:30].reshape(6, 5), state.parameters("average").weights[0].T[pixels]
    )
    np.testing.assert_array_equal(arranged["statistics"], state.arrays["statistics"])
    for name, array in arrangement.restored(arranged).items():
        np.testing.assert_array_equal(array, state.arrays[name], err_msg=name)


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize("activation", ["sigmoid", "relu"])
def test_hundred_updates_of_the_loop_agree_with_the_textbook(activation: str, inverted: bool) -> None:
    """Bytes, staircase, arrangement and all: to 1e-9 after 100 updates."""
    h = recipe(activation=activation, inverted=inverted, hidden_layers=(7, 5), batch_size=15, l2=0.3, learning_rate=0.2)
    samples = Samples(letters(300, 250), np.arange(300) % 3)
    state = TrainingState.begin(h, n_inputs=250, n_classes=3, dtype=np.float64)
    loop, book = Loop(state, TrainingSet([samples], h)), Textbook.of(state)
    x = samples.inputs / 255
    for _ in range(5):
        order = loop.inputs.begin_epoch(np.random.default_rng(0), _order(loop), 15)
        loop.epoch(lambda: False)
        for start in range(0, 300, 15):
            chosen = order[start : start + 15]
            book.update(1 - x[chosen] if inverted else x[chosen], one_hot(samples.labels[chosen], 3), n=300)
    found = loop.result().parameters()
    for ours, plain in zip([*found.weights, *found.biases], [*book.weights, *book.biases], strict=True):
        assert np.abs(ours - plain).max() < 1e-9


def _order(loop: Loop) -> np.ndarray:
    return loop.data.order(generator(loop.hyperparameters.seed, Purpose.SHUFFLE, loop.work.epoch))


def test_who_gets_which_inputs() -> None:
    """Teachers and warps need the whole pictures; all else leaves out what is paper."""

    def ordered(**values: float) -> bool:
        made = make_inputs(recipe(**values), letters(20, 16), paper=0, neurons=5, dtype=DOUBLE)
        return made.pixels is not None

    assert ordered()
    assert not ordered(rotation=3)
    assert not ordered(distillation=0.5)
