"""Letters drawn from fonts: only fonts that have them all, capital and small, the same for a seed."""

import numpy as np
import pytest

from recognizer.core.alphabet import RUSSIAN
from training.datasets.errors import DatasetError
from training.datasets.synthesis import fonts


def test_fonts_have_every_letter_and_placeholders_do_not_count() -> None:
    names = [path.name for path in fonts.font_files()]

    assert {"DejaVuSans.ttf", "Roboto-Regular.ttf", "SourceSansPro-Regular.ttf"} <= set(names)
    assert not [name for name in names if name.startswith(("LastResort", "AmaticSC", "cm"))]


def test_handwritten_families_are_there_and_taken_more_often() -> None:
    assert set(fonts.HANDWRITTEN) <= set(fonts.families())

    drawn = [family for family, _picture in fonts.draw("Ж", 300, np.random.default_rng(1))]

    others = len(fonts.families()) - len(fonts.HANDWRITTEN)
    handwritten = sum(family in fonts.HANDWRITTEN for family in drawn) / len(drawn)
    expected = fonts.HANDWRITTEN_WEIGHT * len(fonts.HANDWRITTEN)
    assert handwritten == pytest.approx(expected / (expected + others), abs=0.1)


def test_pictures_are_ink_on_paper_whole_within_the_picture() -> None:
    for letter in RUSSIAN:
        for _family, picture in fonts.draw(letter, 3, np.random.default_rng(2)):
            pixels = np.asarray(picture)
            assert pixels.shape == (fonts.SIDE, fonts.SIDE)
            assert pixels.min() < 60
            assert min(pixels[0].min(), pixels[-1].min(), pixels[:, 0].min(), pixels[:, -1].min()) > 128, letter


def test_same_seed_draws_the_same() -> None:
    first, again, other = (
        [picture.tobytes() for _family, picture in fonts.draw("Я", 4, np.random.default_rng(seed))]
        for seed in (1, 1, 2)
    )
    assert first == again != other


def test_letters_that_no_font_has_are_refused() -> None:
    with pytest.raises(DatasetError, match="No installed font"):
        fonts.families("\U0001f984")
