"""What holds no letter becomes an input without a number that is none, or is refused, whatever the specification."""

from typing import Any

import numpy as np
import pytest

from recognizer.core.ink import SPECIFICATIONS, EmptyInkError, specification
from tests.recognizer.conftest import make_network
from tests.recognizer.core.ink_oddities import DRAWINGS, PICTURES, Grey

EMPTY = {"nothing", "a stroke of nothing", "white", "black", "one pixel of paper"}


def check(name: str, values: Grey) -> None:
    """An input with some ink, of which a network makes probabilities."""
    ink = specification(name)
    assert values.shape == (ink.length,)
    assert values.dtype == np.uint8
    assert (values != ink.paper).any()
    probabilities = make_network(inputs=ink.length).read(values[np.newaxis])[0]
    assert np.isfinite(probabilities).all()
    assert probabilities.sum() == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("name", SPECIFICATIONS)
@pytest.mark.parametrize("what", DRAWINGS)
def test_drawings_without_a_letter(name: str, what: str) -> None:
    with np.errstate(all="raise"):
        if what in EMPTY:
            with pytest.raises(EmptyInkError):
                specification(name).from_strokes(DRAWINGS[what])
        else:
            check(name, specification(name).from_strokes(DRAWINGS[what]))


@pytest.mark.parametrize("name", SPECIFICATIONS)
@pytest.mark.parametrize("what", PICTURES)
def test_pictures_without_a_letter(name: str, what: str) -> None:
    with np.errstate(all="raise"):
        if what in EMPTY:
            with pytest.raises(EmptyInkError):
                specification(name).from_picture(PICTURES[what])
        else:
            check(name, specification(name).from_picture(PICTURES[what]))


@pytest.mark.parametrize("name", SPECIFICATIONS)
def test_together_they_are_what_each_is_alone(name: str) -> None:
    ink, pictures = specification(name), list(PICTURES.values())
    with np.errstate(all="raise"):
        together, has_ink = ink.from_pictures(pictures)
    for number, what in enumerate(PICTURES):
        assert has_ink[number] == (what not in EMPTY)
        expected: Any = ink.from_picture(pictures[number]) if has_ink[number] else np.full(ink.length, ink.paper)
        np.testing.assert_array_equal(together[number], expected)
