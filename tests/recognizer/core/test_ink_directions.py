"""Directions of strokes are what docs/ink.md says, byte by byte, for any picture."""

from math import isqrt

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognizer.core.ink import Directions1, EmptyInkError, specification
from recognizer.core.ink.directions import UNIT, WINDOW_SUM, DirectionMaps, _bytes, windows
from tests.recognizer.core import ink_reference_directions
from tests.recognizer.core.drawings import LETTERS, picture_of

Picture = npt.NDArray[np.uint8]
GRIDS = {"directions-1": 7, "directions-1-coarse": 5, "directions-1-fine": 10}
PICTURES = specification("moments-2")
RIGHT, DOWN_RIGHT, DOWN, LEFT, UP = 0, 1, 2, 4, 6


def ink(name: str = "directions-1") -> Directions1:
    found = specification(name)
    assert isinstance(found, Directions1)
    return found


def square(rows: slice, columns: slice) -> Picture:
    picture = np.zeros((28, 28), np.uint8)
    picture[rows, columns] = 255
    return picture.reshape(1, -1)


EDGES = {
    "blank": np.zeros((1, 784), np.uint8),
    "a dot": square(slice(13, 14), slice(13, 14)),
    "all black": np.full((1, 784), 255, np.uint8),
    "a line": square(slice(0, 28), slice(13, 15)),
    "a corner": square(slice(0, 14), slice(0, 14)),
    "chequered": np.tile(np.array([0, 255], np.uint8), 392).reshape(1, -1),
}


@pytest.mark.parametrize("name", GRIDS)
@pytest.mark.parametrize("picture", EDGES.values(), ids=EDGES)
def test_odd_pictures_are_the_reference_byte_by_byte(name: str, picture: Picture) -> None:
    expected = ink_reference_directions.directions(picture[0].tolist(), GRIDS[name])
    assert ink(name).of_pictures(picture)[0].tolist() == expected


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(sorted(GRIDS)), st.sampled_from([2, 256]))
def test_any_picture_is_the_reference_byte_by_byte(seed: int, name: str, levels: int) -> None:
    """Two levels give the steepest gradients there are."""
    picture = np.random.default_rng(seed).integers(0, levels, (1, 784)) * (255 // (levels - 1))
    expected = ink_reference_directions.directions(picture[0].tolist(), GRIDS[name])
    assert ink(name).of_pictures(picture.astype(np.uint8))[0].tolist() == expected


@pytest.mark.parametrize("name", GRIDS)
@pytest.mark.parametrize("letter", LETTERS)
def test_letters_are_the_reference_byte_by_byte(name: str, letter: str) -> None:
    drawn = PICTURES.from_strokes(LETTERS[letter])
    expected = ink_reference_directions.directions(drawn.tolist(), GRIDS[name])
    assert ink(name).from_strokes(LETTERS[letter]).tolist() == expected
    shown = PICTURES.from_picture(picture_of(LETTERS[letter]))
    values = ink(name).from_picture(picture_of(LETTERS[letter]))
    assert values.tolist() == ink(name).of_pictures(shown[np.newaxis])[0].tolist()


@pytest.mark.parametrize("name", GRIDS)
def test_a_specification_tells_its_shape(name: str) -> None:
    made = ink(name)
    assert made.shape == (8, GRIDS[name], GRIDS[name])
    assert made.length == 8 * GRIDS[name] ** 2
    assert made.pictures.name == "moments-2"
    assert made.pictures.pictures is made.pictures
    assert made.pictures.length == 784
    assert made.from_strokes(LETTERS["К"]).shape == (made.length,)
    assert made.from_pictures([])[0].shape == (0, made.length)
    assert made.of_pictures(np.empty((0, 784), np.uint8)).shape == (0, made.length)


def test_many_are_made_as_one_by_one() -> None:
    pictures = np.random.default_rng(2).integers(0, 256, (150, 784)).astype(np.uint8)
    together = ink().of_pictures(pictures)
    for number in (0, 63, 64, 127, 128, 149):
        assert together[number].tolist() == ink().of_pictures(pictures[number : number + 1])[0].tolist()


def test_no_ink_is_no_direction() -> None:
    assert not ink().of_pictures(np.zeros((3, 784), np.uint8)).any()
    values, has_ink = ink().from_pictures([np.full((40, 40), 255, np.uint8)])
    assert not values.any()
    assert not has_ink.any()
    with pytest.raises(EmptyInkError):
        ink().from_picture(np.full((40, 40), 255, np.uint8))


def test_each_edge_has_its_direction() -> None:
    maps = ink().of_pictures(square(slice(8, 20), slice(8, 20)))[0].reshape(8, 7, 7)
    assert maps[RIGHT, 3].argmax() == 1  # ink begins here, from the left
    assert maps[LEFT, 3].argmax() == 5
    assert maps[DOWN, :, 3].argmax() == 1
    assert maps[UP, :, 3].argmax() == 5
    assert np.unravel_index(maps[DOWN_RIGHT].argmax(), (7, 7)) in {(1, 1), (2, 2), (1, 2), (2, 1)}


@pytest.mark.parametrize("grid", GRIDS.values())
def test_float32_holds_every_sum(grid: int) -> None:
    weights = windows(grid)
    assert (weights == np.floor(weights)).all()
    assert weights.sum(axis=1).max() <= WINDOW_SUM
    assert WINDOW_SUM**2 * 4 * 255 < 2**24
    assert weights.tolist() == [
        [ink_reference_directions.window(grid, place, pixel) for pixel in range(28)] for place in range(grid)
    ]


def test_no_root_is_rounded_up() -> None:
    """A byte changes where the sum does: one below each such place, and there."""
    places = UNIT * np.arange(1, 257) ** 2
    sums = np.concatenate([places - 1, places, [0, 2**24 - 1]])
    expected = [min(255, isqrt(each // UNIT)) for each in sums.tolist()]
    assert _bytes(sums.astype(np.float32)).tolist() == expected


def test_a_maker_leaves_nothing_behind() -> None:
    maker = DirectionMaps(7, 16)
    dark, light = np.full((784, 16), 255, np.uint8), np.zeros((784, 16), np.uint8)
    first = maker.of(dark).copy()
    assert not maker.of(light).any()
    assert maker.of(dark).tolist() == first.tolist()
