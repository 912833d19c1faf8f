"""Pictures of single letters cut out of a page, and read all at once."""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.loading import LoadedModel
from recognizer.pages.cleaning import CleanPage
from recognizer.pages.finding import FoundLetter
from recognizer.reading import Verdicts, verdicts

Greys = NDArray[np.uint8]

SIDE = 100
"""Pixels of a letter's picture, all of them alike so that they are read in one stack."""
EDGE = 4
"""Pixels of paper around a letter's box."""


def cut(page: CleanPage, labels: NDArray[np.int32], letter: FoundLetter) -> Greys:
    """A picture (SIDE, SIDE) of one letter alone on white paper."""
    return framed(cropped(page, labels, letter)[0])


def cropped(page: CleanPage, labels: NDArray[np.int32], letter: FoundLetter) -> tuple[Greys, int, int]:
    """A picture (h, w) of one letter alone on white paper, and which column and row of the page it begins with."""
    rows, columns = slice(letter.top, letter.bottom), slice(letter.left, letter.right)
    numbers = np.pad(labels[rows, columns], EDGE)
    own = np.isin(numbers, letter.pieces) if len(letter.pieces) > 1 else numbers == letter.pieces[0]
    near = cv2.dilate(own.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    greys = np.pad(page.flat[rows, columns], EDGE, constant_values=255)
    alone = np.asarray(np.where(near & ((numbers == 0) | own), greys, np.uint8(255)), np.uint8)
    return alone, letter.left - EDGE, letter.top - EDGE


def framed(picture: Greys) -> Greys:
    """A picture (h, w) on white paper in the middle of (SIDE, SIDE), reduced where it is larger."""
    longest = max(picture.shape)
    if longest > SIDE:
        size = (max(1, picture.shape[1] * SIDE // longest), max(1, picture.shape[0] * SIDE // longest))
        picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    frame = np.full((SIDE, SIDE), 255, np.uint8)
    top, left = (SIDE - picture.shape[0]) // 2, (SIDE - picture.shape[1]) // 2
    frame[top : top + picture.shape[0], left : left + picture.shape[1]] = picture
    return frame


def read_cuts(pictures: Sequence[Greys], model: LoadedModel) -> Verdicts:
    """Read pictures of letters of one size; what has no ink to be read is refused."""
    made, has_ink = model.ink.pictures.from_pictures(np.stack(list(pictures)))
    said = verdicts(model, model.ink.of_pictures(made))
    return replace(said, refused=said.refused | ~has_ink)
