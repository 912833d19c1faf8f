"""What a run leaves to look at: the test pictures that its network misread and the weights of its first layer.

Made once, at the end, as one PNG and a short list each, so that a page needs one request for hundreds of pictures. Two
attempts write the same bytes.
"""

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from numpy.typing import NDArray
from PIL import Image

from recognizer.core.files import replacing
from recognizer.core.ink import SPECIFICATIONS
from recognizer.core.network import Network
from training.core.samples import Samples
from training.runs.models import Run

SIDE = 28
"""Pixels of a picture's side, as the network sees it."""
COLUMNS = 40
MOST_MISREAD = 3000
NEURONS = 60
NEURON_COLUMNS = 12
MARGIN = 2
CHUNK = 2000
POSITIVE, NEGATIVE = (96, 110, 224), (207, 106, 31)
"""Colours of weights, seen on paper and on the board."""
MISREAD, LIST, WEIGHTS = "misread.png", "misread.json", "weights.png"


@dataclass(frozen=True)
class Misread:
    """A test picture that was misread.

    Attributes:
        written, read: places of the two letters in the alphabet.
        sure: the network's probability of the wrong letter, 0…1.
        of_right: its probability of the right one.
        dataset: name of its data set.

    """

    written: int
    read: int
    sure: float
    of_right: float
    dataset: str


@dataclass(frozen=True)
class Sheet:
    """The misread pictures of a run, the surest mistake first; each has its place in one picture of `columns`."""

    items: tuple[Misread, ...]
    total: int
    """All that were misread; the sheet holds the surest `MOST_MISREAD` of them."""

    @property
    def width(self) -> int:
        """Pixels of the sheet's picture."""
        return COLUMNS * SIDE

    @property
    def height(self) -> int:
        """Pixels of the sheet's picture."""
        return -(-len(self.items) // COLUMNS) * SIDE

    def placed(self) -> list[tuple[Misread, int, int]]:
        """Each with the left and top of its square."""
        return [(item, n % COLUMNS * SIDE, n // COLUMNS * SIDE) for n, item in enumerate(self.items)]


def folder_of(run_key: int) -> Path:
    """Folder of what a run left; it may not exist."""
    path: Path = settings.PROPIS_VAR / "runs" / str(run_key)
    return path


def write(run: Run, network: Network, tests: Sequence[tuple[str, Samples]]) -> None:
    """Look for what the network misreads in each test split and write it down. Raises OSError."""
    folder = folder_of(run.pk)
    folder.mkdir(parents=True, exist_ok=True)
    found = [pair for name, samples in tests for pair in _misread(network, samples, name)]
    found.sort(key=lambda pair: -pair[0].sure)
    kept = found[:MOST_MISREAD]
    paper = SPECIFICATIONS[run.recipe.ink_specification].paper
    _save(folder / MISREAD, _sheet([255 - inputs if paper else inputs for _item, inputs in kept]))
    content = {"total": len(found), "items": [asdict(item) for item, _inputs in kept]}
    with replacing(folder / LIST) as file:
        file.write(json.dumps(content, ensure_ascii=False).encode())
    _save(folder / WEIGHTS, _first_layer(network.weights[0]))


def read(run: Run) -> Sheet | None:
    """Read what was written; None where nothing was."""
    try:
        content = json.loads((folder_of(run.pk) / LIST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Sheet(tuple(Misread(**item) for item in content["items"]), content["total"])


def forget(run_key: int) -> None:
    """Delete what a run left."""
    shutil.rmtree(folder_of(run_key), ignore_errors=True)


def _misread(network: Network, samples: Samples, dataset: str) -> list[tuple[Misread, NDArray[np.uint8]]]:
    found = []
    for start in range(0, len(samples), CHUNK):
        inputs, truth = samples.inputs[start : start + CHUNK], samples.labels[start : start + CHUNK]
        probabilities = network.probabilities(inputs.astype(np.float32) / np.float32(255))
        guesses = probabilities.argmax(axis=1)
        for place in np.flatnonzero(guesses != truth).tolist():
            written, guess = int(truth[place]), int(guesses[place])
            sure, of_right = (round(float(probabilities[place, letter]), 4) for letter in (guess, written))
            found.append((Misread(written, guess, sure, of_right, dataset), inputs[place]))
    return found


def _sheet(pictures: list[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """Black ink (255 in `pictures`) on nothing: a page puts it on paper or, turned to white, on the board."""
    rows = max(-(-len(pictures) // COLUMNS), 1)
    squares = np.zeros((rows * COLUMNS, SIDE, SIDE), np.uint8)
    if pictures:
        squares[: len(pictures)] = np.stack(pictures).reshape(-1, SIDE, SIDE)
    ink = squares.reshape(rows, COLUMNS, SIDE, SIDE).transpose(0, 2, 1, 3).reshape(rows * SIDE, COLUMNS * SIDE)
    return np.stack([np.zeros_like(ink), ink], axis=-1)


def _first_layer(weights: NDArray[np.float32]) -> NDArray[np.uint8]:
    """The neurons with the strongest weights (n, 784), each as a square whose colour tells the sign."""
    chosen = weights[np.argsort(-np.linalg.norm(weights, axis=1), kind="stable")[:NEURONS]].reshape(-1, SIDE, SIDE)
    cell = SIDE + MARGIN
    sheet = np.zeros((-(-len(chosen) // NEURON_COLUMNS) * cell, NEURON_COLUMNS * cell, 4), np.uint8)
    for place, square in enumerate(chosen):
        top, left = place // NEURON_COLUMNS * cell, place % NEURON_COLUMNS * cell
        strength = np.abs(square) / max(float(np.abs(square).max()), 1e-12)
        spot = sheet[top : top + SIDE, left : left + SIDE]
        spot[..., :3] = np.where(square[..., np.newaxis] > 0, POSITIVE, NEGATIVE)
        spot[..., 3] = np.rint(255 * strength)
    return sheet


def _save(path: Path, pixels: NDArray[Any]) -> None:
    with replacing(path) as file:
        Image.fromarray(pixels).save(file, format="PNG")
