"""What a single picture shows."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.training.cleaning.conftest import letter, png
from training.cleaning.detectors.image_stats import ImageStats, look
from training.datasets.storage.picture_files import Index, PictureWriter

NAMES = ("letter", "letter", "letter", "inverted", "blank", "speck", "edge", "blot", "damaged", "thick")


def pictures() -> Iterator[bytes]:
    """Three letters, then one picture of each flaw, then a letter with a thick pen that has none."""
    yield from (png(letter(shape, 1)) for shape in "АБВ")
    yield png(255 - letter("А", 2))
    white = np.full((64, 64), 255, dtype=np.uint8)
    yield png(white)
    speck, edge, blot = white.copy(), letter("А", 3).copy(), letter("Б", 4).copy()
    speck[10:12, 10:13] = 0
    edge[:, -12:] = 0
    blot[5:40, 5:40] = 0
    yield from (png(speck), png(edge), png(blot))
    yield b"\x89PNG but no more"
    thick = letter("В", 5).copy()
    thick[28:36, 8:56] = 0
    yield png(thick)


@pytest.fixture
def looks(tmp_path: Path) -> ImageStats:
    """They, looked at."""
    data = list(pictures())
    with PictureWriter(tmp_path) as writer:
        starts = np.array([writer.add(each) for each in data], dtype=np.int64)
    n = len(data)
    lengths = np.array([len(each) for each in data], dtype=np.int64)
    nothing = np.zeros(n, dtype=np.uint8)
    return look(tmp_path, Index(NAMES, nothing, nothing, np.zeros((n, 32), np.uint8), starts, lengths), lambda _: None)


@pytest.mark.parametrize(
    ("flaw", "names"),
    [
        ("broken", {"edge", "blot", "damaged"}),
        ("blank", {"blank"}),
        ("almost_blank", {"speck"}),
        ("against_the_rest", {"inverted"}),
    ],
)
def test_each_flaw_is_found_and_nothing_else(looks: ImageStats, flaw: str, names: set[str]) -> None:
    assert {NAMES[number] for number in np.flatnonzero(getattr(looks, flaw))} == names


def test_inverted_is_seen_against_the_most(looks: ImageStats) -> None:
    turned = ImageStats(looks.small, looks.readable, looks.ink, ~looks.inverted, looks.blocks)
    assert np.array_equal(turned.against_the_rest, looks.against_the_rest)


def test_an_inverted_letter_is_compared_with_dark_ink(looks: ImageStats) -> None:
    assert looks.small[3].mean() > 128
