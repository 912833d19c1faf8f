"""`python -m benchmarks.browser.replay --data FOLDER`: real letters drawn all over the page's sheet in Chromium."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.command import MeasuringCommand
from benchmarks.harness import ROOT, BenchmarkReport, BenchmarkRunError, Figure
from benchmarks.materials import replayed
from benchmarks.materials.replayed import CORNERS, POINTERS, SIZES, STRETCH, Manner, Strokes, everywhere

PER_LETTER = 10
FRAME = 16
"""Points of a stroke that come in one frame of the screen: a quick hand."""
SEED = 2024
MOST_BELOW, MOST_BELOW_STRETCHED = 1.0, 3.0
"""Points."""
ARCHIVE = "comnist-cyrillic.zip"


@dataclass(frozen=True)
class Replayed:
    """One manner, which of the letters were read right in it, and with which pointer each was drawn."""

    manner: Manner
    is_right: Sequence[bool]
    pointers: Sequence[str]


def measure(options: argparse.Namespace) -> BenchmarkReport:
    """Draw the same letters in every manner, and let `evaluate` read their pictures.

    Raises:
        BenchmarkRunError: the archive or Chromium is missing, or a letter is not read at all.

    """
    letters = chosen(options.data, options.per_letter)
    pictures = [picture for _letter, picture in letters]
    strokes = [replayed.traced(picture) for picture in pictures]
    manners = [*everywhere(), Manner(width=STRETCH), Manner(width=1 / STRETCH)]
    with _pages() as pages:
        done = [_drawn(pages, manner, strokes, [letter for letter, _picture in letters]) for manner in manners]
    return report(done, 100 * evaluated(letters, options.state))


def chosen(data: Path, per_letter: int) -> list[tuple[str, bytes]]:
    """Letters and their pictures: test pictures of CoMNIST, the same ones every time."""
    from benchmarks.accuracy.measuring import prepare
    from recognizer.core.alphabet import RUSSIAN
    from training.datasets.content.splitting import Split
    from training.datasets.models import Dataset
    from training.datasets.storage.picture_files import Index

    prepare(data, ["comnist"])
    index = Index.load(Dataset.objects.get(name="comnist").folder)
    rng, picked = np.random.default_rng(SEED), []
    with zipfile.ZipFile(data / ARCHIVE) as archive:
        for label, letter in enumerate(RUSSIAN):
            places = np.flatnonzero((index.labels == label) & (index.splits == Split.TEST))
            names = [index.names[int(place)] for place in rng.choice(places, per_letter, replace=False)]
            picked += [(letter, archive.read(name)) for name in names]
    return picked


def _drawn(pages: Any, manner: Manner, strokes: Sequence[Any], letters: Sequence[str]) -> Replayed:
    """Draw all letters in one manner: half of them with each pointer."""
    from tests.browser.writing import written

    right: dict[int, bool] = {}
    pointer_of: dict[int, str] = {}
    for offset, pointer in enumerate((manner.pointer, next(each for each in POINTERS if each != manner.pointer))):
        places = range(offset, len(letters), 2)
        drawings: list[Strokes] = [manner.place(strokes[place]) for place in places]
        for place, drawing, shown in zip(
            places, drawings, written(pages, drawings, pointer=pointer, frame=FRAME), strict=True
        ):
            if (shown.state, shown.strokes) != ("read", len(drawing)):
                raise BenchmarkRunError(f"A drawing of {letters[place]} was not read: {shown.state}.")
            right[place], pointer_of[place] = shown.letter == letters[place], pointer
    order = range(len(letters))
    print(f"{manner}: {100 * np.mean([right[place] for place in order]):.2f} %", file=sys.stderr, flush=True)
    return Replayed(manner, [right[place] for place in order], [pointer_of[place] for place in order])


@contextmanager
def _pages() -> Iterator[Any]:
    """Several draw pages of a server of their own."""
    from benchmarks.browser.chromium import chromium
    from benchmarks.server import running
    from tests.browser.writing import several

    with running() as server, chromium() as browser:
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.set_default_timeout(3_600_000)
        page.goto(f"http://127.0.0.1:{server.port}/")
        page.wait_for_selector("#draw[data-listening]")
        yield several(page)


def evaluated(letters: Sequence[tuple[str, bytes]], state: Path) -> float:
    """The share of the pictures that `evaluate` reads right."""
    with tempfile.TemporaryDirectory(prefix="propis-replay-") as folder:
        path = Path(folder) / "same.zip"
        with zipfile.ZipFile(path, "x") as archive:
            for number, (letter, picture) in enumerate(letters):
                archive.writestr(f"{letter}/{number}.png", picture)
        command = [sys.executable, "manage.py", "evaluate", str(path), "--json"]
        environment = os.environ | {"PROPIS_VAR": str(state)}
        done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    return float(json.loads(done.stdout)["accuracy"])


def report(done: Sequence[Replayed], pictures: float) -> BenchmarkReport:
    """What each size, place and pointer is below `evaluate`, whose accuracy of the pictures is given in per cent."""
    from benchmarks.reading import machine

    *usual, wide, narrow = done
    groups: dict[str, list[bool]] = {name: [] for name in (*SIZES, *CORNERS, *POINTERS)}
    for each in usual:
        groups[each.manner.size] += each.is_right
        groups[each.manner.corner] += each.is_right
        for is_right, pointer in zip(each.is_right, each.pointers, strict=True):
            groups[pointer].append(is_right)
    stretched = {f"{STRETCH} times as wide": wide.is_right, f"{STRETCH} times as high": narrow.is_right}
    figures = [Figure("read right by evaluate", pictures, "%")]
    figures += [_below(name, right, pictures, MOST_BELOW) for name, right in groups.items()]
    figures += [_below(name, right, pictures, MOST_BELOW_STRETCHED) for name, right in stretched.items()]
    rows = [
        (each.manner.size, each.manner.corner, f"{each.manner.width:.3g}", str(len(each.is_right)), _share(each))
        for each in done
    ]
    title = f"{len(wide.is_right)} real letters drawn on the page all over the sheet, half by mouse and half by finger"
    columns = ("size", "place", "width", "drawings", "read right, %")
    return BenchmarkReport("replay", title, machine(), figures, columns, rows)


def _below(name: str, right: Sequence[bool], pictures: float, most: float) -> Figure:
    return Figure(f"points below evaluate, {name}", pictures - 100 * float(np.mean(right)), "points", most)


def _share(each: Replayed) -> str:
    return f"{100 * np.mean(each.is_right):.2f}"


COMMAND = MeasuringCommand(
    "browser.replay",
    "Draws real letters on the page and compares with evaluate.",
    measure,
    lambda parser: parser.add_argument("--per-letter", type=int, default=PER_LETTER, help="pictures of each letter"),
    data=f"folder of {ARCHIVE}",
)

if __name__ == "__main__":
    sys.exit(COMMAND.run())
