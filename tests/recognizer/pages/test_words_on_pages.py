"""Words on a page: letters that touch are told apart, words by their spaces; joined-up writing is named."""

from functools import cache

import cv2
import numpy as np
import pytest

from benchmarks.paper.letters import RealLetters
from benchmarks.paper.pages_of_words import Stock, WordPage, distance, stock_of, write_words
from benchmarks.words import making
from recognizer.core.alphabet import RUSSIAN
from recognizer.loading import shipped
from recognizer.pages.errors import PageError
from recognizer.pages.reader import PageReading, read_page
from tests.recognizer.pages import made

WORDS = ("МАМА", "БУКВЫ", "РАМКА", "ДЕЛА", "КНИЖКА", "ВЕЧЕР", "ЛАМА", "ЯРКО", "РЕКА")
"""Of letters that the generator writes as capitals here."""


@cache
def stock() -> Stock:
    return stock_of(RealLetters(made.letters(RUSSIAN), RUSSIAN))


def page(spacing: making.Spacing) -> WordPage:
    return write_words(WORDS, stock(), np.random.default_rng(4), spacing)


def read(greys: made.Greys, *, with_lexicon: bool = True) -> PageReading:
    return read_page(made.png(greys), shipped("best"), with_lexicon=with_lexicon)


@pytest.mark.parametrize("spacing", [making.APART, making.CROSSING], ids=["apart", "a third touch"])
def test_words_are_read_with_their_spaces(spacing: making.Spacing) -> None:
    written = page(spacing)
    reading = read(written.greys)
    assert distance(reading.text, written.text) <= 0.1 * len(written.text), reading.text
    assert len(reading.text.split()) == len(WORDS)
    assert not reading.is_joined_up


def test_each_of_two_letters_that_touch_has_its_own_box() -> None:
    written = write_words(["ОНА"] * 6, stock(), np.random.default_rng(1), making.Spacing(1.0))
    letters = [letter for line in read(written.greys).lines for letter in line]
    assert abs(len(letters) - 18) <= 1
    lefts = [letter.box[0] for letter in letters]
    assert lefts == sorted(lefts), "in one line, none within another"


def test_a_lexicon_is_a_prior_and_the_ink_s_own_reading_stays_beside_it() -> None:
    written = page(making.CROSSING)
    alone = read(written.greys, with_lexicon=False)
    for line in alone.lines:
        assert all(letter.letter == letter.verdict.letter for letter in line)
    assert distance(read(written.greys).text, written.text) <= distance(alone.text, written.text)


def test_joined_up_writing_is_said_to_be_that() -> None:
    greys = page(making.Spacing(0.6)).greys
    joined = np.where(cv2.erode(greys, np.ones((1, 25), np.uint8)) < 150, 60, 240).astype(np.uint8)
    try:
        reading = read(joined)
    except PageError as error:
        assert "joined-up" in str(error) or "No letters" in str(error)  # noqa: PT017
    else:
        assert reading.is_joined_up
