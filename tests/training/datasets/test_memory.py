"""While an archive is imported, garbage is looked for seldom; afterwards as before."""

import gc

import pytest

from training.datasets.memory import COLLECTED_AT, unhurried


def test_collector_waits_for_the_last_of_two_threads() -> None:
    before = gc.get_threshold()
    first, second = unhurried(), unhurried()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert gc.get_threshold()[0] == COLLECTED_AT
    second.__exit__(None, None, None)

    assert gc.get_threshold() == before


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
