"""The files of a finished run's page: the test pictures that its network misread and the weights of its first layer.

Written once, at the end: all misread pictures in one PNG with a list beside it, so that a page needs one request for
hundreds of them. Every attempt writes the same bytes.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from numpy.typing import NDArray
from PIL import Image

from recognizer.core.doubt import Doubt
from recognizer.core.files import replacing
from recognizer.core.ink import InkSpecification, specification
from recognizer.core.ink.directions import COMPASS
from recognizer.core.inputs import unit_floats
from recognizer.core.network import Network
from recognizer.filestore import places
from training.core.samples import Samples
from training.runs.models import Run

NO_DOUBT = Doubt()
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
        written, read: places of the two letters among the run's letters.
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
class MisreadPictures:
    """The misread pictures of a run, the surest mistake first, tiled in one picture file of `COLUMNS` columns."""

    items: tuple[Misread, ...]
    total: int
    """How many were misread; `items` are the surest `MOST_MISREAD` of them."""

    @property
    def width(self) -> int:
        """Pixels of the picture file."""
        return COLUMNS * SIDE

    @property
    def height(self) -> int:
        """Pixels of the picture file."""
        return -(-len(self.items) // COLUMNS) * SIDE

    def placed(self) -> list[tuple[Misread, int, int]]:
        """Each with the left and top pixel of its square."""
        return [(item, n % COLUMNS * SIDE, n // COLUMNS * SIDE) for n, item in enumerate(self.items)]


def folder_of(run_key: int) -> Path:
    """Folder of a run's artifacts; it may not exist."""
    path: Path = settings.PROPIS_VAR / "runs" / str(run_key)
    return path


def write(run: Run, network: Network, tests: Sequence[tuple[str, Samples]], doubt: Doubt = NO_DOUBT) -> None:
    """Find what the network misreads in each test split, given as pictures, and write the files. Raises OSError."""
    folder = folder_of(run.pk)
    folder.mkdir(parents=True, exist_ok=True)
    ink = specification(run.recipe.ink_specification)
    found = [pair for name, pictures in tests for pair in _misread(network, doubt, ink, pictures, name)]
    found.sort(key=lambda pair: -pair[0].sure)
    kept = found[:MOST_MISREAD]
    _save(folder / MISREAD, _tiled([255 - picture if ink.pictures.paper else picture for _item, picture in kept]))
    content = {"total": len(found), "items": [asdict(item) for item, _picture in kept]}
    with replacing(folder / LIST) as file:
        file.write(json.dumps(content, ensure_ascii=False).encode())
    _save(folder / WEIGHTS, _first_layer(network.weights[0], ink.shape))
    places.keep(folder)


def read(run: Run) -> MisreadPictures | None:
    """Read the list of misread pictures; None where none was written."""
    try:
        content = json.loads(file_of(run.pk, LIST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return MisreadPictures(tuple(Misread(**item) for item in content["items"]), content["total"])


def file_of(run_key: int, name: str) -> Path:
    """One of a run's files, brought here where only the store has it; it may not exist."""
    return places.here(folder_of(run_key) / name)


def delete(run_key: int) -> None:
    """Delete a run's artifacts."""
    places.forget_folder(folder_of(run_key))


def _misread(
    network: Network, doubt: Doubt, ink: InkSpecification, samples: Samples, dataset: str
) -> list[tuple[Misread, NDArray[np.uint8]]]:
    """What is misread, each with its picture (784,)."""
    found = []
    for start in range(0, len(samples), CHUNK):
        pictures, truth = samples.inputs[start : start + CHUNK], samples.labels[start : start + CHUNK]
        probabilities = doubt.probabilities(network.logits(unit_floats(ink.of_pictures(pictures))))
        guesses = probabilities.argmax(axis=1)
        for place in np.flatnonzero(guesses != truth).tolist():
            written, guess = int(truth[place]), int(guesses[place])
            sure, of_right = (round(float(probabilities[place, letter]), 4) for letter in (guess, written))
            found.append((Misread(written, guess, sure, of_right, dataset), pictures[place]))
    return found


def _tiled(pictures: list[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """Black ink (255 in `pictures`) on transparency: a page shows it on paper or, inverted, on the board."""
    rows = max(-(-len(pictures) // COLUMNS), 1)
    squares = np.zeros((rows * COLUMNS, SIDE, SIDE), np.uint8)
    if pictures:
        squares[: len(pictures)] = np.stack(pictures).reshape(-1, SIDE, SIDE)
    ink = squares.reshape(rows, COLUMNS, SIDE, SIDE).transpose(0, 2, 1, 3).reshape(rows * SIDE, COLUMNS * SIDE)
    return np.stack([np.zeros_like(ink), ink], axis=-1)


def _first_layer(weights: NDArray[np.float32], shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """The neurons with the strongest weights (n, n_in), each as a square whose colours are the signs."""
    chosen = weights[np.argsort(-np.linalg.norm(weights, axis=1), kind="stable")[:NEURONS]]
    strongest = np.abs(chosen).max(axis=1, initial=1e-12)
    squares = [_square(neuron.reshape(shape)) for neuron in chosen / strongest[:, np.newaxis]]
    cell = len(squares[0]) + MARGIN
    image = np.zeros((-(-len(squares) // NEURON_COLUMNS) * cell, NEURON_COLUMNS * cell, 4), np.uint8)
    for place, square in enumerate(squares):
        top, left = place // NEURON_COLUMNS * cell, place % NEURON_COLUMNS * cell
        spot = image[top : top + len(square), left : left + len(square)]
        spot[..., :3] = np.where(square[..., np.newaxis] > 0, POSITIVE, NEGATIVE)
        spot[..., 3] = np.rint(255 * np.abs(square))
    return image


def _square(weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """Weights of a picture as they are; those of eight directions as maps, one pixel apart, around an empty middle."""
    if weights.ndim == 2:
        return weights
    grid = weights.shape[-1]
    square = np.zeros((3 * grid + 2, 3 * grid + 2), np.float32)
    for (column, row), part in zip(COMPASS, weights, strict=True):
        square[row * (grid + 1) :, column * (grid + 1) :][:grid, :grid] = part
    return square


def _save(path: Path, pixels: NDArray[Any]) -> None:
    with replacing(path) as file:
        Image.fromarray(pixels).save(file, format="PNG")
