"""How many boxes of made photographs of collection sheets are taken, and whether any gets a wrong label."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from benchmarks.harness import BenchmarkReport, Figure
from benchmarks.paper.filled_sheets import PER_MM, FilledSheet, fill_in
from benchmarks.paper.letters import RealLetters, real_letters
from benchmarks.paper.photographs import photograph
from benchmarks.reading import machine
from recognizer.pages.errors import PageError
from recognizer.pages.opening import open_page
from recognizer.pages.sheets import sheet_layout as layout
from recognizer.pages.sheets.sheet_reader import INSET, BoxState, ReadBox, SheetReading, read_sheet
from training.datasets.content.splitting import Split

SHEETS = 100
TAKEN_LEAST = 99.0
IN_PLACE = 0.5
"""Of the ink that was written in a box and the ink that was found in it, as intersection over union."""


@dataclass(frozen=True)
class SheetScore:
    """Boxes of one photograph: with a letter, taken, with another box's ink, otherwise told wrong; `kind` of it."""

    kind: str
    written: int
    taken: int
    wrong: int
    mistaken: int
    seconds: float


def run(data: Path, *, split: Split, seed: int) -> BenchmarkReport:
    """Photograph sheets filled in with a split's letters, and read them."""
    rng = np.random.default_rng(seed)
    letters = real_letters(data, split, 4000, rng)
    cv2.setNumThreads(1)
    return _report(list(_scores(letters, rng)), split)


def _scores(letters: RealLetters, rng: np.random.Generator) -> Iterator[SheetScore]:
    boxes = len(list(layout.boxes()))
    for number in range(SHEETS):
        covered, upside_down = number % 10 == 3, number % 10 == 7
        some = [letters.pictures[each] for each in rng.integers(0, len(letters.pictures), boxes)]
        writer = int(rng.integers(layout.WRITERS))
        sheet = fill_in(some, rng, writer=writer, page=number % 2, covered=covered)
        data = photograph(sheet.greys, rng, upside_down=upside_down).data
        kind = "a marker covered" if covered else "upside down" if upside_down else "upright, all markers"
        yield _score(kind, sheet, data, writer, number % 2)


def _score(kind: str, sheet: FilledSheet, data: bytes, writer: int, page: int) -> SheetScore:
    written = sum(state is BoxState.WRITTEN for state in sheet.states)
    begun = time.process_time()
    try:
        read = read_sheet(open_page(data))
    except PageError:
        return SheetScore(kind, written, 0, 0, 0, time.process_time() - begun)
    seconds = time.process_time() - begun
    if (read.writer, read.page) != (writer, page):
        return SheetScore(kind, written, 0, len(read.written), 0, seconds)
    taken, wrong, mistaken = _compared(sheet, read)
    return SheetScore(kind, written, taken, wrong, mistaken, seconds)


def _compared(sheet: FilledSheet, read: SheetReading) -> tuple[int, int, int]:
    taken = wrong = mistaken = 0
    for state, box in zip(sheet.states, read.boxes, strict=True):
        if box.state is BoxState.WRITTEN and state is BoxState.WRITTEN:
            is_own = _is_own(sheet, box)
            taken, wrong = taken + is_own, wrong + (not is_own)
        elif box.state is BoxState.WRITTEN:
            mistaken += 1
    return taken, wrong, mistaken


def _is_own(sheet: FilledSheet, read: ReadBox) -> bool:
    """Whether the ink of a box is that which was written there."""
    box = read.box
    edges = (box.top + INSET, box.top + box.height - INSET, box.left + INSET, box.left + box.width - INSET)
    top, bottom, left, right = (round(each * PER_MM) for each in edges)
    size = (read.picture.shape[1], read.picture.shape[0])
    meant = cv2.resize(sheet.ink[top:bottom, left:right], size, interpolation=cv2.INTER_AREA) > 0.4
    seen = read.picture < 190
    near = cv2.dilate(meant.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    return bool((seen & near).sum() >= IN_PLACE * (seen | meant).sum())


def _report(scores: list[SheetScore], split: Split) -> BenchmarkReport:
    figures = [
        Figure("boxes with a letter that are taken", 100 * _share(scores), "%", TAKEN_LEAST, more_is_better=True),
        Figure("boxes with a wrong label", sum(each.wrong for each in scores), "", 0),
        Figure("empty or crossed-out boxes that are taken", sum(each.mistaken for each in scores), "", 0),
        Figure("a sheet, processor time", float(np.median([each.seconds for each in scores])), "s"),
    ]
    kinds = dict.fromkeys(each.kind for each in scores)
    rows = [_row(kind, [each for each in scores if each.kind == kind]) for kind in kinds]
    title = f"Made photographs of collection sheets filled in with real {split.key} letters, one core"
    columns = ("photographs", "number", "letters", "taken %", "wrong", "refused photographs")
    return BenchmarkReport("sheets", title, machine(), figures, columns, rows)


def _share(scores: list[SheetScore]) -> float:
    return sum(each.taken for each in scores) / sum(each.written for each in scores)


def _row(kind: str, scores: list[SheetScore]) -> tuple[str, ...]:
    return (
        kind,
        str(len(scores)),
        str(sum(each.written for each in scores)),
        f"{100 * _share(scores):.2f}",
        str(sum(each.wrong + each.mistaken for each in scores)),
        str(sum(not each.taken for each in scores)),
    )
