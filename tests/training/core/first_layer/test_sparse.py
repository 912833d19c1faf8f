"""The sparse first layer against the whole products, and the order of pixels and samples that it rests on."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognizer.core.ink import specification
from tests.training.core.recipes import ReferenceTraining, one_hot, recipe
from training.core.first_layer.choice import make_first_layer
from training.core.first_layer.dense import DenseFirstLayer
from training.core.first_layer.input_order import InputOrder
from training.core.first_layer.pixel_order import PixelOrder
from training.core.first_layer.ragged_batch import PIECE, InputPieces, RaggedBatch, pieces, tile_height, tiles
from training.core.first_layer.sparse import SparseFirstLayer
from training.core.first_layer.sparse_inputs import AT_ONCE
from training.core.inputs.plain import PlainInputs
from training.core.inputs.source import padded
from training.core.loop import Loop
from training.core.samples import Bytes, Samples, TrainingSet
from training.core.seeds import Purpose, generator
from training.core.state import TrainingState

DOUBLE = np.dtype(np.float64)
MOMENTS = specification("moments-1")


def letters(samples: int, n_in: int, *, ink: float = 0.3, seed: int = 0) -> Bytes:
    """Pixels of which some are inked often and some never; some samples have no ink at all."""
    rng = np.random.default_rng(seed)
    often = ink * rng.random(n_in) ** 3 * (rng.random(n_in) < 0.9)
    values = rng.integers(1, 256, (samples, n_in))
    return np.where(rng.random((samples, n_in)) < often, values, 0).astype(np.uint8)


def prepared(
    inputs: Bytes, batch: int, neurons: int = 5, *, inverted: bool = False
) -> tuple[SparseFirstLayer, np.ndarray]:
    layer = SparseFirstLayer(inputs, inverted=inverted, neurons=neurons, dtype=DOUBLE)
    order = np.random.default_rng(1).permutation(len(inputs))
    return layer, layer.begin_epoch(np.random.default_rng(0), order, batch)


@settings(max_examples=25, deadline=None)
@given(
    n_in=st.integers(1, 3 * PIECE + 5),
    batch=st.integers(1, 2 * AT_ONCE),
    neurons=st.sampled_from([1, 3, 300, 5000]),
    inverted=st.booleans(),
)
def test_ragged_batches_give_the_whole_products(n_in: int, batch: int, neurons: int, inverted: bool) -> None:
    samples = 300 if neurons <= 300 else 40
    inputs = letters(samples, n_in, seed=n_in)
    layer, order = prepared(inputs, batch, neurons, inverted=inverted)
    rng = np.random.default_rng(2)
    weights = np.asfortranarray(rng.normal(size=(neurons, n_in)))
    for start in range(0, samples, batch):
        chosen = order[start : start + batch]
        columns = padded(len(chosen))
        x = (255 - inputs if inverted else inputs)[chosen][:, layer.pixels].astype(float) / 255
        mini_batch, out = layer.mini_batch(start, len(chosen)), np.empty((neurons, columns), order="F")
        mini_batch.forward(weights, out, 0.5)
        np.testing.assert_allclose(out[:, : len(chosen)].T, 0.5 * x @ weights.T, rtol=1e-9, atol=1e-9)
        delta, into = np.zeros_like(out), np.asfortranarray(rng.normal(size=(neurons, n_in)))
        delta[:, : len(chosen)] = rng.normal(size=(neurons, len(chosen)))
        expected = 0.25 * into + 2 * delta[:, : len(chosen)] @ x
        mini_batch.gradient(delta, into, 2, 0.25)
        np.testing.assert_allclose(into, expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("inverted", [False, True])
def test_both_first_layers_have_the_same_inputs(inverted: bool) -> None:
    """In their own order, whole, for teachers; also where floats of an earlier mini-batch lie beyond the ink."""
    samples = letters(100, 3 * PIECE)
    layer, order = prepared(samples, 40, inverted=inverted)
    dense = DenseFirstLayer(PlainInputs(samples, inverted=inverted, dtype=DOUBLE), DOUBLE)
    assert dense.begin_epoch(np.random.default_rng(0), order, 40) is order
    for start, count in ((0, 40), (40, 40), (80, 20)):
        whole, expected = (each.mini_batch(start, count).inputs()[:, :count] for each in (layer, dense))
        np.testing.assert_array_equal(whole, expected)


def test_a_piece_without_ink_is_not_multiplied() -> None:
    """NaN in weights that no ink meets does not show: they were left out."""
    inputs = np.zeros((4, 2 * PIECE + 1), np.uint8)
    inputs[:, :PIECE] = 7
    layer, _ = prepared(inputs, batch=4)
    weights = np.asfortranarray(np.ones((5, inputs.shape[1])))
    weights[:, -1] = np.nan
    out = np.empty((5, 16), order="F")
    layer.mini_batch(0, 4).forward(weights, out, 255)
    np.testing.assert_allclose(out[:, :4], 7 * PIECE, rtol=1e-12)


@pytest.mark.parametrize("inverted", [False, True])
def test_order_of_pixels_and_extent(inverted: bool) -> None:
    ink = letters(5000, 40)
    order = PixelOrder(255 - ink if inverted else ink, inverted=inverted)
    often = (order.inputs != 0).mean(axis=0)
    assert (np.diff(often) <= 0).all()
    np.testing.assert_array_equal(order.inputs, ink[:, order.pixels])
    for sample, extent in zip(order.inputs, order.extent, strict=True):
        assert not sample[extent:].any()
        assert extent == 0 or sample[extent - 1] != 0


@pytest.mark.parametrize("batch", [1, 15, 40, 300, 500])
def test_mini_batches_keep_their_samples_the_largest_extent_first(batch: int) -> None:
    inputs = letters(300, 60)
    order = prepared(inputs, min(batch, 300))[1]
    before = np.random.default_rng(1).permutation(300)
    extent = PixelOrder(inputs, inverted=False).extent
    for start in range(0, 300, batch):
        mine = order[start : start + batch]
        assert set(mine) == set(before[start : start + batch])
        assert (np.diff(extent[mine]) <= 0).all()


@given(st.integers(1, 5000))
def test_pieces_cover_the_inputs_once(n_in: int) -> None:
    covered = [place for piece in pieces(n_in) for place in range(piece.start, piece.stop)]
    assert covered == list(range(n_in))


def test_tiles_cover_the_rows_once() -> None:
    assert tiles(70, 32) == ((0, 32), (32, 64), (64, 70))
    assert tiles(0, 32) == ()
    assert [tile_height(PIECE * neurons) for neurons in (256, 1024, 10_000)] == [32, 8, 0]


def test_a_layer_too_large_for_tiles_is_whole() -> None:
    out = np.empty((10_000, 16), order="F")
    mini_batch = RaggedBatch([np.ones((16, PIECE))], InputPieces(np.arange(PIECE)), neurons=10_000, unit=1)
    mini_batch.fill([16])
    mini_batch.forward(np.asfortranarray(np.ones((10_000, PIECE))), out, 1)
    np.testing.assert_array_equal(out, PIECE)


def test_order_of_the_inputs_is_undone() -> None:
    h = recipe(optimizer="adam", early_stopping=3, ema=0.9, batch_normalization=True, hidden_layers=(5, 4))
    state = TrainingState.begin(h, n_inputs=6, n_classes=3, dtype=np.float64)
    rng = np.random.default_rng(0)
    for array in state.arrays.values():
        array[:] = rng.normal(size=array.size)
    pixels = rng.permutation(6)
    order = InputOrder(pixels, neurons=5)
    arranged = order.arranged(state.arrays)
    np.testing.assert_array_equal(
        arranged["average"][:30].reshape(6, 5), state.parameters("average").weights[0].T[pixels]
    )
    np.testing.assert_array_equal(arranged["statistics"], state.arrays["statistics"])
    for name, array in order.restored(arranged).items():
        np.testing.assert_array_equal(array, state.arrays[name], err_msg=name)


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize("activation", ["sigmoid", "relu"])
def test_hundred_updates_of_the_loop_agree_with_the_reference(activation: str, inverted: bool) -> None:
    """Bytes, ragged batches, order of inputs and all: to 1e-9 after 100 updates."""
    h = recipe(activation=activation, inverted=inverted, hidden_layers=(7, 5), batch_size=15, l2=0.3, learning_rate=0.2)
    samples = Samples(letters(300, 250), np.arange(300) % 3)
    state = TrainingState.begin(h, n_inputs=250, n_classes=3, dtype=np.float64)
    loop, book = Loop(state, TrainingSet([samples], h)), ReferenceTraining.of(state)
    x = samples.inputs / 255
    for _ in range(5):
        order = loop.first_layer.begin_epoch(np.random.default_rng(0), _order(loop), 15)
        loop.epoch(lambda: False)
        for start in range(0, 300, 15):
            chosen = order[start : start + 15]
            book.update(1 - x[chosen] if inverted else x[chosen], one_hot(samples.labels[chosen], 3), n=300)
    found = loop.result().parameters()
    for ours, plain in zip([*found.weights, *found.biases], [*book.weights, *book.biases], strict=True):
        assert np.abs(ours - plain).max() < 1e-9


def _order(loop: Loop) -> np.ndarray:
    return loop.data.order(generator(loop.hyperparameters.seed, Purpose.SHUFFLE, loop.work.epoch))


def test_who_gets_which_first_layer() -> None:
    """Teachers and warps need the whole pictures; all else leaves out what is paper."""

    def sparse(**values: float) -> bool:
        layer = make_first_layer(recipe(**values), letters(20, 16), ink=MOMENTS, neurons=5, dtype=DOUBLE)
        return isinstance(layer, SparseFirstLayer)

    assert sparse()
    assert not sparse(rotation=3)
    assert not sparse(distillation=0.5)
