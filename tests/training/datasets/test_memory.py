"""While an archive is imported, garbage is looked for seldom; afterwards as before."""

import gc

import pytest

from training.datasets.memory import COLLECTED_AT, unhurried


def fail() -> None:
    """Look at the threshold, then fail."""
    with unhurried():
        assert gc.get_threshold()[0] == COLLECTED_AT
        raise KeyError


def test_threshold_comes_back_also_after_an_error() -> None:
    before = gc.get_threshold()
    with pytest.raises(KeyError):
        fail()

    assert gc.get_threshold() == before
