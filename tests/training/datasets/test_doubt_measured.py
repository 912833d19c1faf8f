"""A model's doubt is measured on its letters and on non-letters; with few letters there is less of it."""

import numpy as np
import pytest

from recognizer.core.alphabet import RUSSIAN
from recognizer.core.doubt import Doubt
from recognizer.core.ink import specification
from tests.recognizer.conftest import make_network
from training.core.doubt import last_layers
from training.core.samples import Samples
from training.datasets import doubt as doubts
from training.datasets.synthesis import non_letters


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few drawings of few kinds, made anew."""
    for name, count in (("PER_KIND", 4), ("PER_SCRIBBLE", 4), ("PER_LETTER", 1)):
        monkeypatch.setattr(doubts, name, count)
    monkeypatch.setattr(non_letters, "kinds", lambda _letters: ("line", "spiral", "7"))
    doubts._non_letters.cache_clear()
    doubts.synthetic_letters.cache_clear()


def letters(count: int) -> Samples:
    """Pictures of noise, with labels."""
    rng = np.random.default_rng(count)
    return Samples(rng.integers(0, 256, (count, 784)).astype(np.uint8), rng.integers(0, 33, count).astype(np.uint8))


def measured(validation: int) -> Doubt:
    """The doubt of a random network with so many validation letters."""
    return doubts.measure(make_network(), specification("moments-2"), RUSSIAN, letters(300), letters(validation))


def test_a_fiftieth_of_the_validation_letters_is_refused_and_the_same_samples_give_the_same() -> None:
    doubt = measured(600)
    assert doubt.kinds == ("line", "spiral", "7")
    layers = last_layers(make_network(), letters(600).inputs)
    assert doubt.refuses(layers.hidden, layers.logits).sum() == pytest.approx(12, abs=1)
    doubts._non_letters.cache_clear()
    assert measured(600).as_dict() == doubt.as_dict()


def test_with_few_letters_there_is_a_temperature_alone_and_with_fewer_nothing() -> None:
    some, none = measured(499), measured(49)
    assert (some.kinds, some.threshold) == ((), None)
    assert some.temperature != 1.0
    assert none.as_dict() == Doubt().as_dict()
