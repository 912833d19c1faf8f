"""The average picture of each letter: what its inputs have in common, as one PNG, made when it is first asked for."""

from pathlib import Path

import numpy as np
from PIL import Image

from recognizer.core.files import replacing
from recognizer.core.ink import specification
from training.core.samples import Samples
from training.datasets.content.splitting import Split
from training.datasets.models import Dataset
from training.datasets.storage import input_files
from training.datasets.storage.publish import STANDING_INK

AVERAGES = "averages.png"
SIDE = 28


def path_of(dataset: Dataset) -> Path:
    """Return the file with the averages, made now where it is not there yet.

    Raises:
        DatasetError: the data set's files are gone.

    """
    path = dataset.folder / AVERAGES
    if not path.exists():
        made = dataset.inputs_files.filter(split=Split.TRAIN.key).first()  # a file that is there already costs nothing
        ink = specification(STANDING_INK if made is None else made.ink_specification)
        _write(path, input_files.load(dataset, Split.TRAIN, ink.name), len(dataset.letters), ink_bright=ink.ink_bright)
    return path


def _write(path: Path, training: Samples, letters: int, *, ink_bright: bool) -> None:
    """Draw the averages one beside the other, dark ink on white, in the order of the letters.

    They are of the training split: nobody is to learn from the test split, not even by eye.
    """
    row = np.full((SIDE, letters * SIDE), 255, dtype=np.uint8)
    for label in np.unique(training.labels).tolist():
        mean = training.inputs[training.labels == label].mean(axis=0, dtype=np.float32).reshape(SIDE, SIDE)
        row[:, label * SIDE : (label + 1) * SIDE] = 255 - mean if ink_bright else mean
    with replacing(path) as file:
        Image.fromarray(row).save(file, "PNG", optimize=True)
