"""Drawings become inputs as docs/ink.md says, whatever their scale, and bad ones are refused."""

import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from recognizer.core.ink import MAX_POINTS, EmptyInkError, InkError, specification
from recognizer.core.ink.strokes import frame_from_strokes
from tests.recognizer.core import ink_reference
from tests.recognizer.core.drawings import LETTERS, Drawing

MOMENTS = specification("moments-1")
UPRIGHT = specification("moments-2")
coordinates = st.floats(-1000, 1000, allow_nan=False, width=32)
drawings = st.lists(st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=4), min_size=1, max_size=2)


@settings(max_examples=25, deadline=None)
@given(drawings)
@example([[(0.0, 0.0)]])
@example([[(0.0, 0.0), (0.0, 0.0)], [(5.0, 5.0)]])
@example(LETTERS["К"])
@example([[(0.0, 100.0), (90.0, 0.0)], [(0.0, 0.0), (10.0, 0.0)]])
def test_drawing_is_the_reference_byte_by_byte(drawing: Drawing) -> None:
    frame = ink_reference.draw(drawing)
    assert frame_from_strokes(drawing).tolist() == frame
    assert MOMENTS.from_strokes(drawing).tolist() == ink_reference.sample(frame)
    assert UPRIGHT.from_strokes(drawing).tolist() == ink_reference.sample_upright(frame)


@pytest.mark.parametrize("letter", LETTERS)
@pytest.mark.parametrize(("scale", "shift"), [(0.25, 0), (1024, 0), (2**-30, 0), (1, 4096), (8, -512)])
def test_size_and_place_do_not_matter(letter: str, scale: float, shift: float) -> None:
    drawing = [[(round(x), round(y)) for x, y in stroke] for stroke in LETTERS[letter]]
    moved = [[(x * scale + shift, y * scale + shift) for x, y in stroke] for stroke in drawing]
    assert MOMENTS.from_strokes(moved).tolist() == MOMENTS.from_strokes(drawing).tolist()


@pytest.mark.parametrize("letter", LETTERS)
def test_letter_is_centred_and_spread(letter: str) -> None:
    values = MOMENTS.from_strokes(LETTERS[letter]).reshape(28, 28).astype(float)
    rows, columns = np.mgrid[:28, :28]
    total = values.sum()
    centre = np.array([(values * rows).sum(), (values * columns).sum()]) / total
    assert centre == pytest.approx([13.5, 13.5], abs=0.1)
    spreads = [np.sqrt((values * (axis - 13.5) ** 2).sum() / total) for axis in (rows, columns)]
    assert max(spreads) == pytest.approx(18.5 / 3, abs=0.15)


def test_time_is_not_used_and_dense_points_change_little() -> None:
    plain = [[(0.0, 0.0), (0.0, 100.0)], [(0.0, 0.0), (60.0, 0.0)]]
    timed = [[(*point, 17.5 * i) for i, point in enumerate(stroke)] for stroke in plain]
    assert MOMENTS.from_strokes(timed).tolist() == MOMENTS.from_strokes(plain).tolist()
    dense = [[(x, y) for x, y in np.linspace(stroke[0], stroke[1], 700).tolist()] for stroke in plain]
    difference = MOMENTS.from_strokes(dense).astype(int) - MOMENTS.from_strokes(plain)
    assert np.abs(difference).max() <= 8


@pytest.mark.parametrize("name", ["moments-1", "moments-2", "raw-28"])
@pytest.mark.parametrize(
    "drawing",
    [
        [[(3, 3)]],
        [[(3, 3), (3, 3), (3, 3)]],
        [[(0, 0), (0, 100)]],
        [[(0, 0), (100, 0)]],
        [[(0, 0), (100, 100)]],
        [[(-1e6, -1e6), (1e6, 1e6)], [(1e6, -1e6), (-1e6, 1e6)]],
        [[(0, 0), (5e-324, 5e-324)]],
        [[], [(1, 1), (2, 5)], []],
    ],
    ids=["dot", "still pen", "vertical", "horizontal", "diagonal", "largest", "smallest", "empty strokes between"],
)
def test_odd_drawings_are_read(name: str, drawing: Drawing) -> None:
    specified = specification(name)
    values = specified.from_strokes(drawing)
    assert values.shape == (784,)
    assert values.dtype == np.uint8
    assert 5 < (values != specified.paper).sum() < 400


@pytest.mark.parametrize("drawing", [[], [[]], [[], []], ()])
def test_nothing_drawn(drawing: Any) -> None:
    with pytest.raises(EmptyInkError, match="Nothing is drawn"):
        MOMENTS.from_strokes(drawing)


@pytest.mark.parametrize(
    "drawing",
    [
        [[(float("nan"), 0)]],
        [[(0, float("inf"))]],
        [[(0, 0), (1.5e6, 0)]],
        [[(0, 10**400)]],
        [[(0,)]],
        [[()]],
        [[5]],
        [5],
        5,
        None,
        "Ж",
        [["Ж!"]],
        [[(0, "x")]],
        [[(None, 0)]],
        [[([1], 0)]],
        [[(1j, 0)]],
        {"a": 1},
        [{"x": 1}],
        [[{"x": 1, "y": 2}]],
    ],
)
def test_bad_points_are_refused(drawing: Any) -> None:
    with pytest.raises(InkError, match=r"coordinate|point"):
        MOMENTS.from_strokes(drawing)


def test_too_many_points_are_refused() -> None:
    stroke = [(float(i % 100), float(i % 97)) for i in range(MAX_POINTS + 1)]
    with pytest.raises(InkError, match="more than 10,000 points"):
        MOMENTS.from_strokes([stroke])
    with pytest.raises(InkError, match="1,000 strokes"):
        MOMENTS.from_strokes([[(0.0, 0.0)]] * 1001)


def test_endless_scribble_is_refused() -> None:
    points = np.random.default_rng(1).uniform(0, 100, (MAX_POINTS, 2)).tolist()
    with pytest.raises(InkError, match="too many long lines"):
        MOMENTS.from_strokes([points])


def test_wild_scribble_stays_in_bounded_memory() -> None:
    rng = np.random.default_rng(1)
    scribble = [[(float(x), float(y)) for x, y in rng.uniform(0, 100, (250, 2))]]
    tracemalloc.start()
    try:
        MOMENTS.from_strokes(scribble)
        assert tracemalloc.get_traced_memory()[1] < 100e6
    finally:
        tracemalloc.stop()
