"""Directions of augmented pictures are the bytes that the ink specification makes of the same pictures."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from recognizer.core.ink import Directions1, specification
from recognizer.core.ink.strokes import frame_from_strokes
from tests.recognizer.core.drawings import LETTERS
from tests.training.core.recipes import recipe
from training.core.first_layer.choice import make_first_layer
from training.core.first_layer.sparse import SparseFirstLayer
from training.core.inputs.augmentation import AugmentedInputs
from training.core.inputs.directions import DirectionInputs
from training.core.samples import Samples, SamplesError
from training.core.state import TrainingState
from training.core.trainer import train

F32 = np.dtype(np.float32)
NAMES = ("directions-1", "directions-1-coarse", "directions-1-fine")
CHANGES = {"rotation": 8, "shear": 0.2, "shift": 1, "elastic": 1, "thickness": 0.5, "noise": 0.2}


def ink(name: str = "directions-1") -> Directions1:
    found = specification(name)
    assert isinstance(found, Directions1)
    return found


def pictures(count: int) -> NDArray[np.uint8]:
    """Letters over and over."""
    frames = np.stack([frame_from_strokes(drawing) for drawing in LETTERS.values()])
    drawn = ink().pictures._from_frames(frames)
    return np.asarray(drawn[np.arange(count) % len(drawn)])


def samples(count: int) -> Samples:
    return Samples(pictures(count), np.arange(count) % len(LETTERS))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("inverted", [False, True])
def test_they_are_the_specifications_bytes(name: str, dtype: type[np.floating], inverted: bool) -> None:
    """Groups of 64 columns and of fewer; the changed pictures are drawn twice from the same seed."""
    kind = np.dtype(dtype)
    drawn = [AugmentedInputs(recipe(**CHANGES), pictures(150), paper=0, dtype=kind) for _ in range(2)]
    maps = DirectionInputs(drawn[1], ink(name).grid, inverted=inverted, dtype=kind)
    for source in (drawn[0], maps):
        source.begin_epoch(np.random.default_rng(5), np.arange(150)[::-1])
    for start, count in ((0, 100), (100, 50)):
        changed = np.floor(np.clip(drawn[0].take(start, count)[:, :count].T * dtype(255) + dtype(0.5), 0, 255))
        assert len(np.unique(changed)) > 200
        expected = ink(name).of_pictures(changed.astype(np.uint8))
        taken = maps.take(start, count)
        assert taken.dtype == kind
        np.testing.assert_array_equal(taken[:, :count].T, 255 - expected if inverted else expected)


def test_without_augmentation_they_are_made_once_for_all() -> None:
    layer = make_first_layer(recipe(), pictures(20), ink=ink(), neurons=5, dtype=F32)
    assert isinstance(layer, SparseFirstLayer)
    assert len(layer.pixels) == 392


def trained(epochs: int = 2, **values: Any) -> TrainingState:
    chosen: dict[str, Any] = {
        "ink_specification": "directions-1",
        "hidden_layers": (12,),
        "activation": "relu",
        "batch_size": 16,
    }
    h = recipe(**chosen, epochs=epochs, **values)
    state = TrainingState.begin(h, n_inputs=ink().length, n_classes=len(LETTERS))
    validation = Samples(ink().of_pictures(pictures(10)), samples(10).labels)
    assert len(list(train(state, samples(70), validation))) == epochs
    return state


@pytest.mark.parametrize("changes", [{}, {"rotation": 5, "thickness": 0.3}])
def test_the_same_seed_gives_the_same_bits(changes: dict[str, Any]) -> None:
    one, other = trained(**changes), trained(**changes)
    assert one.network().weights_sha256() == other.network().weights_sha256()
    assert one.network().sizes == (392, 12, 5)


@pytest.mark.parametrize("changes", [{}, {"rotation": 5, "noise": 0.1}])
def test_it_learns_letters_and_the_network_reads_the_specifications_inputs(changes: dict[str, Any]) -> None:
    state = trained(epochs=30, learning_rate=0.1, **changes)
    answers = state.network().read(ink().of_pictures(pictures(10))).argmax(axis=1)
    assert answers.tolist() == samples(10).labels.tolist()


def test_inverted_inputs_are_folded_in() -> None:
    state = trained(epochs=30, learning_rate=0.1, rotation=3, inverted=True, batch_normalization=True)
    answers = state.network().read(ink().of_pictures(pictures(10))).argmax(axis=1)
    assert answers.tolist() == samples(10).labels.tolist()


def test_inputs_to_train_on_are_refused() -> None:
    """Training takes pictures, validation inputs: either in the place of the other is named."""
    h = recipe(ink_specification="directions-1")
    state = TrainingState.begin(h, n_inputs=392, n_classes=5)
    inputs = Samples(ink().of_pictures(pictures(10)), samples(10).labels)
    with pytest.raises(SamplesError, match=r"training inputs have 392 values; .* 784"):
        list(train(state, inputs, inputs))
    with pytest.raises(SamplesError, match="validation inputs have 784 values; the network reads 392"):
        list(train(state, samples(10), samples(10)))
