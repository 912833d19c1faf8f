"""What is no letter: every kind can be drawn and read as ink, the same for the same seed."""

import numpy as np
import pytest

from recognizer.core.alphabet import RUSSIAN
from recognizer.core.ink import specification
from training.datasets.synthesis import non_letters
from training.datasets.synthesis.doodles import DOODLES


@pytest.mark.parametrize("kind", non_letters.kinds(RUSSIAN))
def test_a_kind_is_drawn_as_often_as_asked_for_and_no_two_are_alike(kind: str) -> None:
    ink = specification("moments-2")
    made = non_letters.inputs(kind, 10, ink, np.random.default_rng(3))
    assert made.shape == (10, 784)
    assert (made.max(axis=1) > 200).all()
    assert len(np.unique(made, axis=0)) == 10
    np.testing.assert_array_equal(made, non_letters.inputs(kind, 10, ink, np.random.default_rng(3)))


def test_a_letter_of_the_class_set_is_no_non_letter() -> None:
    assert set("12578FZ") < set(non_letters.kinds(RUSSIAN))
    assert not set("7F") & set(non_letters.kinds("f7"))
    assert set(DOODLES) < set(non_letters.kinds("f7"))
    assert not set("0346АВ") & set(non_letters.kinds(RUSSIAN))
