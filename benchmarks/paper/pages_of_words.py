"""Pages of words whose letters stand apart or touch: how many letters and words of them are read right."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.harness import BenchmarkReport, Figure
from benchmarks.paper.letters import RealLetters, real_letters
from benchmarks.paper.photographs import photograph
from benchmarks.paper.sheets_of_letters import HEIGHT, WIDTH
from benchmarks.reading import machine
from benchmarks.words import making, material
from recognizer import loading
from recognizer.core.words.lexicon import russian
from recognizer.loading import LoadedModel
from recognizer.pages.errors import PageError
from recognizer.pages.reader import read_page
from training.datasets.content.splitting import Split

Greys = NDArray[np.uint8]
Stock = Mapping[str, Sequence[making.RealLetter]]

STOCK, PAGES = 4_000, 3
"""Letters that words are made of, and pages of each kind."""
SHORTEST, LONGEST, WORDS = 3, 10, 40
SPACINGS = {
    "apart": making.APART,
    "a third overlap, without touching": making.KERNED,
    "a third overlap": making.CROSSING,
    "all overlap": making.Spacing(1.0),
}
SCALE = 0.62
"""Of the words' pictures on A4 at 2,000 px: letters of some 6.5 mm."""
MARGIN, LINE, SPACE = 150, 185, (20, 50)
"""Pixels; a space has so many beyond the paper around the pictures."""


@dataclass(frozen=True)
class WordPage:
    """A page of words, and what is written on it, a line each line."""

    greys: Greys
    text: str


@dataclass(frozen=True)
class ReadWords:
    """How one page was read.

    Attributes:
        spacing, with_lexicon: of what and how.
        letters, mistakes: that are written, spaces among them; and how many changes make what is read of them.
        words, right: that are written, and of them those that are read.
        seconds: of processor time.
        is_warned: it was said that letters hang together, or the page was refused.

    """

    spacing: str
    with_lexicon: bool
    letters: int
    mistakes: int
    words: int
    right: int
    seconds: float
    is_warned: bool


def run(data: Path, name: str, *, split: Split, seed: int) -> BenchmarkReport:
    """Measure a model on pages of words of a split's letters."""
    model, rng = loading.find(name), np.random.default_rng(seed)
    stock = stock_of(real_letters(data, split, STOCK, rng))
    words = _dictionary()
    cv2.setNumThreads(1)
    read = []
    for spacing in SPACINGS:
        for _page in range(PAGES):
            chosen = [words[number] for number in rng.integers(len(words), size=WORDS)]
            page = write_words(chosen, stock, rng, SPACINGS[spacing])
            data_of_page = photograph(page.greys, rng).data
            read += [_read(page, data_of_page, spacing, model, with_lexicon=each) for each in (False, True)]
    return _report(read, model, split)


@cache
def _dictionary() -> list[str]:
    return material.dictionary_words(russian(), shortest=SHORTEST, longest=LONGEST)


def stock_of(letters: RealLetters) -> Stock:
    """Letters by their names, each cut to its ink."""
    stock: dict[str, list[making.RealLetter]] = {}
    for picture, letter in zip(letters.pictures, letters.letters, strict=True):
        inked = picture < making.DARK
        rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
        cut = picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        stock.setdefault(letter, []).append(making.RealLetter(cut, ()))
    return stock


def write_words(words: Sequence[str], stock: Stock, rng: np.random.Generator, spacing: making.Spacing) -> WordPage:
    """Write words on a plain sheet, as many as there is room for."""
    greys = np.full((HEIGHT, WIDTH), 240, np.uint8)
    left, top, lines = MARGIN, MARGIN, [[]]  # type: tuple[int, int, list[list[str]]]
    for word in words:
        picture = making.make(word, stock, rng, spacing).picture
        small = cv2.resize(picture, None, fx=SCALE, fy=SCALE, interpolation=cv2.INTER_AREA)
        ink = cv2.GaussianBlur(small, (0, 0), 0.7)
        if left + ink.shape[1] > WIDTH - MARGIN:
            left, top = MARGIN, top + LINE
            lines.append([])
        if top + ink.shape[0] > HEIGHT:
            break
        part = greys[top : top + ink.shape[0], left : left + ink.shape[1]]
        np.minimum(part, np.clip(ink, 60, 240), out=part)
        left += ink.shape[1] + int(rng.integers(*SPACE))
        lines[-1].append(word)
    return WordPage(greys, "\n".join(" ".join(line) for line in lines if line))


def _read(page: WordPage, data: bytes, spacing: str, model: LoadedModel, *, with_lexicon: bool) -> ReadWords:
    begun, text, is_warned = time.process_time(), "", True
    try:
        reading = read_page(data, model, with_lexicon=with_lexicon)
        text, is_warned = reading.text, reading.is_joined_up or bool(reading.unread)
    except PageError:
        pass
    seconds = time.process_time() - begun
    words, found = page.text.split(), text.split()
    right = sum(min(words.count(word), found.count(word)) for word in set(words))
    mistakes = distance(text, page.text)
    return ReadWords(spacing, with_lexicon, len(page.text), mistakes, len(words), right, seconds, is_warned)


def distance(one: str, other: str) -> int:
    """How many letters must be changed, added or left out to make one text of another (Levenshtein)."""
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, 1):
        beside, row[0] = row[0], number
        for place, each in enumerate(other, 1):
            beside, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, beside + (letter != each))
    return row[-1]


def _report(read: list[ReadWords], model: LoadedModel, split: Split) -> BenchmarkReport:
    figures = [
        Figure(f"words right with the lexicon, letters {spacing}", _share(read, spacing), "%") for spacing in SPACINGS
    ]
    figures.append(Figure("a page of words, processor time", float(np.median([each.seconds for each in read])), "s"))
    rows = [_row(spacing, with_lexicon, read) for spacing in SPACINGS for with_lexicon in (False, True)]
    columns = ("letters", "lexicon", "words", "words right %", "letters wrong %", "pages with a warning", "median s")
    title = f"Made photographs of pages of words of real {split.key} letters, model “{model.name}”, one core"
    return BenchmarkReport("paper-words", title, machine(), figures, columns, rows)


def _share(read: list[ReadWords], spacing: str) -> float:
    some = [each for each in read if each.spacing == spacing and each.with_lexicon]
    return 100 * sum(each.right for each in some) / sum(each.words for each in some)


def _row(spacing: str, with_lexicon: bool, every: list[ReadWords]) -> tuple[str, ...]:
    read = [each for each in every if (each.spacing, each.with_lexicon) == (spacing, with_lexicon)]
    words, letters = sum(each.words for each in read), sum(each.letters for each in read)
    return (
        spacing,
        "yes" if with_lexicon else "no",
        str(words),
        f"{100 * sum(each.right for each in read) / words:.1f}",
        f"{100 * sum(each.mistakes for each in read) / letters:.1f}",
        f"{sum(each.is_warned for each in read)} of {len(read)}",
        f"{float(np.median([each.seconds for each in read])):.2f}",
    )
