"""Words are read from strokes in any order and from pictures, letters in their places; what is no word is refused."""

import contextlib
import itertools
import random
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy import ndimage

from recognizer.core.ink import EmptyInkError, InkError
from recognizer.core.words.drawn_marks import marks_of
from recognizer.core.words.lattice import Lattice, lattice_of
from recognizer.core.words.lexicon import Lexicon, LexiconError, russian
from recognizer.core.words.patches import labelled
from recognizer.core.words.paths import best_path, likelihoods, log_total
from recognizer.core.words.pictured_marks import patched
from recognizer.core.words.reader import LONGEST_WORD, WordError, WordReader
from recognizer.loading import shipped
from tests.recognizer.core.words.written import Stroke, word

WORDS = ("ГНОМ", "ШИНЫ", "МОЙ", "НОТЫ", "ПИОН", "НОТА", "ЁМ")


@pytest.fixture(scope="module")
def reader() -> WordReader:
    """What reads with the shipped model."""
    model = shipped()
    return WordReader(model.network, model.ink, model.doubt, model.letters)


def picture(strokes: Sequence[Stroke], *, dark: bool = False) -> NDArray[np.uint8]:
    """The word written with a pen of 7 px, 40 px from each side."""
    low_x, low_y = (min(point[axis] for stroke in strokes for point in stroke) for axis in (0, 1))
    moved = [[(x - low_x + 40, y - low_y + 40) for x, y in stroke] for stroke in strokes]
    wide, high = (int(max(point[axis] for stroke in moved for point in stroke)) + 40 for axis in (0, 1))
    image = Image.new("L", (wide, high), 255)
    for stroke in moved:
        ImageDraw.Draw(image).line(stroke, fill=0, width=7, joint="curve")
    pixels = np.asarray(image)
    return 255 - pixels if dark else pixels


@pytest.mark.parametrize("text", WORDS)
def test_strokes_in_any_order_are_the_same_word(reader: WordReader, text: str) -> None:
    strokes, letters = word(text)
    order = list(range(len(strokes)))
    for other in (order, order[::-1], random.Random(1).sample(order, len(order))):
        read = reader.read_strokes([strokes[place] for place in other])
        assert read.text == text
        assert read.known is None
        mine = [[other[place] for place in letter.strokes] for letter in read.letters]
        assert [{letters[stroke] for stroke in each} for each in mine] == [{number} for number in range(len(text))]
        assert sorted(itertools.chain(*mine)) == order


@pytest.mark.parametrize("text", WORDS)
@pytest.mark.parametrize("dark", [False, True])
def test_a_picture_is_the_same_word(reader: WordReader, text: str, *, dark: bool) -> None:
    strokes, _letters = word(text)
    read = reader.read_picture(picture(strokes, dark=dark))
    assert read.text == text
    lefts = [letter.box[0] for letter in read.letters]
    assert lefts == sorted(lefts)
    assert lefts[0] == pytest.approx(37, abs=3)
    assert all(letter.strokes == () and letter.whole > 0.2 for letter in read.letters)


@pytest.mark.parametrize("text", ["ААА", "МА", "ПА"])
def test_letters_that_touch_in_a_picture_are_cut_apart(reader: WordReader, text: str) -> None:
    pixels = picture(word(text, gap=-4)[0])
    assert labelled((pixels < 128).astype(np.uint8)).max() == 1
    assert reader.read_picture(pixels).text == text


def test_every_letter_says_how_sure_it_is(reader: WordReader) -> None:
    read = reader.read_strokes(word("МОЙ")[0])
    for letter in read.letters:
        assert len(letter.best) == 5
        assert letter.best[0][0] == letter.letter
        assert 0.5 < letter.whole <= 1 + 1e-9
        assert not letter.refused


def test_what_is_no_letter_is_doubted(reader: WordReader) -> None:
    strokes, _letters = word("МО")
    scribble = [[300 + 40 * (step * 7 % 10) / 9, 100 * (step * 3 % 8) / 7] for step in range(24)]
    read = reader.read_strokes([*strokes, scribble])
    assert read.text[:2] == "МО"
    assert any(letter.refused for letter in read.letters[2:])


def test_a_lexicon_prefers_and_never_forbids(reader: WordReader) -> None:
    for text in ("ГНОМ", "ШШПП", "ЫМГГТ"):
        read = reader.read_strokes(word(text)[0], russian())
        assert read.text == text
        assert read.known == (text in russian())


def test_the_lexicon_knows_russian_words() -> None:
    lexicon = russian()
    assert all(each in lexicon for each in ("ДОМ", "ПРОПИСЬ", "ПРОПИСЯМИ", "ЁЛКА", "ЕЛКА", "НАПИСАННЫЙ"))
    assert not any(each in lexicon for each in ("", "ДОМЪ", "ЩЩЩ", "ПРОПИ", "DOM"))
    for damaged in (b"", b"PLX1", bytes(300), (b"PLX1" + bytes(128) + b"no zlib")):
        with pytest.raises(LexiconError):
            Lexicon(damaged)


@pytest.mark.parametrize(
    ("strokes", "error"),
    [
        ([], EmptyInkError),
        ([[]], EmptyInkError),
        ([[[5, 5]]], InkError),
        ([[[float("nan"), 5], [6, 6]]], InkError),
        ([[[1e9, 5], [6, 6]]], InkError),
        (word("О" * (LONGEST_WORD + 1))[0], WordError),
    ],
)
def test_what_is_no_word_is_refused(reader: WordReader, strokes: list[Stroke], error: type[Exception]) -> None:
    with pytest.raises(error):
        reader.read_strokes(strokes)


def test_a_word_of_sixty_letters_is_read(reader: WordReader) -> None:
    assert reader.read_strokes(word("О" * LONGEST_WORD)[0]).text == "О" * LONGEST_WORD


def test_letters_on_top_of_each_other_are_one_that_is_doubted(reader: WordReader) -> None:
    strokes = [*word("Ш")[0], *word("А")[0], *word("О")[0]]
    read = reader.read_strokes(strokes)
    assert sorted(place for letter in read.letters for place in letter.strokes) == list(range(len(strokes)))
    assert any(letter.refused for letter in read.letters)


def test_hundreds_of_random_strokes_end_in_an_answer(reader: WordReader) -> None:
    rng = np.random.default_rng(3)
    for spread in (60, 4000):
        starts = rng.uniform(0, spread, (150, 1, 2)) * (1, 100 / spread)
        strokes = (starts + rng.uniform(-30, 30, (150, 3, 2))).tolist()
        with contextlib.suppress(InkError):
            read = reader.read_strokes(strokes, russian())
            assert sorted(place for letter in read.letters for place in letter.strokes) == list(range(150))


def test_an_empty_picture_is_refused(reader: WordReader) -> None:
    with pytest.raises(EmptyInkError):
        reader.read_picture(np.full((50, 300), 255, np.uint8))


def ways(lattice: Lattice, begin: int = 0) -> list[list[int]]:
    """All ways through a lattice from a bound on."""
    if begin == lattice.pieces:
        return [[]]
    groups = np.flatnonzero(lattice.firsts == begin).tolist()
    return [[group, *rest] for group in groups for rest in ways(lattice, int(lattice.ends[group]))]


def test_paths_are_those_of_all_ways() -> None:
    lattice = lattice_of(marks_of([np.array(stroke) for stroke in word("ЫНЫ", gap=4)[0]]))
    scores = np.random.default_rng(1).normal(size=len(lattice))
    every = ways(lattice)
    totals = np.array([scores[way].sum() for way in every])
    shares = np.exp(totals) / np.exp(totals).sum()
    expected = [
        sum(share for share, way in zip(shares, every, strict=True) if group in way) for group in range(len(scores))
    ]
    assert len(every) > 10
    assert best_path(lattice, scores) == every[int(totals.argmax())]
    assert likelihoods(lattice, scores) == pytest.approx(expected)
    assert log_total(lattice, scores) == pytest.approx(np.log(np.exp(totals).sum()))


def test_patches_are_what_scipy_finds() -> None:
    rng = np.random.default_rng(2)
    for share in (0.1, 0.4, 0.6):
        mask = (rng.random((40, 70)) < share).astype(np.uint8)
        found, (wanted, count) = labelled(mask), ndimage.label(mask, np.ones((3, 3)))
        assert found.max() == count
        assert len({(a, b) for a, b in zip(found.ravel().tolist(), wanted.ravel().tolist(), strict=True)}) == count + 1


def test_cut_patches_are_all_of_the_ink() -> None:
    mask = (picture(word("НОТА", gap=-3)[0]) < 128).astype(np.uint8)
    ink, marks = patched(mask, lambda masks: [False] * len(masks))
    assert np.count_nonzero(ink.labels) == mask.sum()
    assert len(marks) == ink.labels.max() > labelled(mask).max()
