"""How many letters of made photographs of pages are found, and how many of them are read right."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.harness import BenchmarkReport, Figure
from benchmarks.paper.letters import RealLetters, real_letters
from benchmarks.paper.photographs import photograph
from benchmarks.paper.sheets_of_letters import PAPERS, write_sheet
from benchmarks.reading import machine
from recognizer import loading
from recognizer.loading import LoadedModel
from recognizer.pages.errors import PageError
from recognizer.pages.reader import PageLetter, read_page
from recognizer.reading import verdicts
from training.datasets.content.splitting import Split

ON_A_PAGE, PAGES_OF_A_PAPER = 300, 10
FOUND_LEAST, LOST_MOST, SECONDS_MOST = 98.0, 2.0, 2.0
OVERLAP = 0.5
"""Of a letter's box and the box that was found, as intersection over union."""


@dataclass(frozen=True)
class ReadSheet:
    """How one page was read: numbers of letters, and seconds of processor time; `error` where it was refused."""

    paper: str
    found: int
    right: int
    too_many: int
    right_alone: int
    seconds: float
    error: str = ""


def run(data: Path, name: str, *, split: Split, seed: int) -> BenchmarkReport:
    """Measure a model on pages of a split's letters."""
    model, rng = loading.find(name), np.random.default_rng(seed)
    count = ON_A_PAGE * PAGES_OF_A_PAPER * len(PAPERS)
    letters = real_letters(data, split, count, rng)  # (fewer where the split has fewer)
    cv2.setNumThreads(1)
    return _report(list(_sheets(letters, model, rng)), model, split)


def _sheets(letters: RealLetters, model: LoadedModel, rng: np.random.Generator) -> Iterator[ReadSheet]:
    for first in range(0, len(letters.letters) - ON_A_PAGE + 1, ON_A_PAGE):
        part = slice(first, first + ON_A_PAGE)
        some = RealLetters(letters.pictures[part], letters.letters[part])
        yield _read(some, model, rng, PAPERS[first // ON_A_PAGE % len(PAPERS)])


def _read(letters: RealLetters, model: LoadedModel, rng: np.random.Generator, paper: str) -> ReadSheet:
    sheet = write_sheet(letters.pictures, rng, paper=paper)
    photographed = photograph(sheet.greys, rng)
    alone = _right_alone(letters, model)
    begun = time.process_time()
    try:
        page = read_page(photographed.data, model)
    except PageError as error:
        return ReadSheet(paper, 0, 0, 0, alone, time.process_time() - begun, str(error))
    seconds = time.process_time() - begun
    found = [letter for line in page.lines for letter in line]
    corners = sheet.boxes[:, [[0, 1], [2, 1], [2, 3], [0, 3]]]
    placed = photographed.placed(corners.reshape(-1, 2)).reshape(-1, 4, 2)
    matches = _matches(placed, found)
    right = sum(found[place].letter == letters.letters[number] for number, place in matches.items())
    return ReadSheet(paper, len(matches), right, len(found) - len(matches), alone, seconds)


def _right_alone(letters: RealLetters, model: LoadedModel) -> int:
    """How many of the same pictures are read right as they are, which is what `evaluate` counts."""
    made, _inked = model.ink.pictures.from_pictures(letters.pictures)
    said = verdicts(model, model.ink.of_pictures(made))
    return sum(said[number].letter == letter for number, letter in enumerate(letters.letters))


def _matches(placed: NDArray[np.float64], found: list[PageLetter]) -> dict[int, int]:
    """For each letter whose box was found, its number and that of the box."""
    truth = np.concatenate([placed.min(axis=1), placed.max(axis=1)], axis=1)
    boxes = np.array([[*each.corners.min(axis=0), *each.corners.max(axis=0)] for each in found])
    low = np.maximum(truth[:, None, :2], boxes[None, :, :2])
    high = np.minimum(truth[:, None, 2:], boxes[None, :, 2:])
    both = np.prod(np.clip(high - low, 0, None), axis=2)
    areas = [np.prod(each[:, 2:] - each[:, :2], axis=1) for each in (truth, boxes)]
    overlap = both / (areas[0][:, None] + areas[1][None] - both)
    best = overlap.argmax(axis=1)
    return {number: int(place) for number, place in enumerate(best) if overlap[number, place] >= OVERLAP}


def _report(sheets: list[ReadSheet], model: LoadedModel, split: Split) -> BenchmarkReport:
    total = ON_A_PAGE * len(sheets)
    found, alone = (100 * sum(getattr(each, what) for each in sheets) / total for what in ("found", "right_alone"))
    right = 100 * sum(each.right for each in sheets) / total
    figures = [
        Figure("letters found", found, "%", FOUND_LEAST, more_is_better=True),
        Figure("points lost against the same letters alone", alone - right, "points", LOST_MOST),
        Figure(f"a page of {ON_A_PAGE} letters, processor time", _median(sheets), "s", SECONDS_MOST),
        Figure("letters read right", right, "%"),
        Figure("the same letters alone, as evaluate reads them", alone, "%"),
        Figure("boxes that are no letter, for 100 letters", 100 * sum(each.too_many for each in sheets) / total, ""),
    ]
    rows = [_row(paper, [each for each in sheets if each.paper == paper]) for paper in PAPERS]
    columns = (
        "paper",
        "letters",
        "found %",
        "right %",
        "alone %",
        "too many",
        "refused",
        "median s",
        "slowest s",
    )
    title = f"Made photographs of pages of real {split.key} letters, model “{model.name}”, one core"
    return BenchmarkReport("paper", title, machine(), figures, columns, rows)


def _median(sheets: list[ReadSheet]) -> float:
    return float(np.median([each.seconds for each in sheets]))


def _row(paper: str, sheets: list[ReadSheet]) -> tuple[str, ...]:
    total = ON_A_PAGE * len(sheets)
    shares = (sum(getattr(each, what) for each in sheets) / total for what in ("found", "right", "right_alone"))
    return (
        paper,
        str(total),
        *(f"{100 * share:.2f}" for share in shares),
        str(sum(each.too_many for each in sheets)),
        str(sum(bool(each.error) for each in sheets)),
        f"{_median(sheets):.2f}",
        f"{max(each.seconds for each in sheets):.2f}",
    )
