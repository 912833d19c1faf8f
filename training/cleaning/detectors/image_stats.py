"""What a single picture shows: whether it can be read, how much ink it has, whether it is inverted."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from PIL import Image

from recognizer import pictures
from recognizer.core.ink.pictures import to_greys, to_masks, window_counts
from training.datasets.storage.picture_files import Index, encoded

SIDE = 32
"""Pictures are looked at in this many pixels each way."""
BATCH = 1024
ALMOST = 1 / 8
"""Less ink than this share of what is usual in the data set is almost none."""
BLOCK_REACH = 6
"""No letter has a solid square of side 2·6 + 1 of the 32 pixels; a blot has."""
BAR = 4
"""A letter has no run of this many rows or columns that are ink from edge to edge; the black edge of a scan has."""
FULL = 0.97
"""Share of ink in such a row."""

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class ImageStats:
    """What n pictures look like.

    Attributes:
        small: uint8 (n, 32, 32), greys with dark ink, squeezed into a square.
        readable: bool (n,), whether the bytes are a picture.
        ink: float64 (n,), share of the pixels that is ink, 0…1.
        inverted: bool (n,), light ink on dark paper.
        blocks: bool (n,), whether there is a block or a bar of ink that no stroke makes.

    """

    small: NDArray[np.uint8]
    readable: Flags
    ink: NDArray[np.float64]
    inverted: Flags
    blocks: Flags

    @property
    def broken(self) -> Flags:
        """Damaged bytes, or a block of ink."""
        return ~self.readable | self.blocks

    @property
    def blank(self) -> Flags:
        """No ink at all."""
        return np.asarray(self.readable & (self.ink == 0))

    @property
    def almost_blank(self) -> Flags:
        """Far less ink than usual."""
        inked = self.ink[self.ink > 0]
        usual = float(np.median(inked)) if len(inked) else 0.0
        return (self.ink > 0) & (self.ink < ALMOST * usual)

    @property
    def against_the_rest(self) -> Flags:
        """Inverted where most are not, or the other way round."""
        seen = self.readable & (self.ink > 0)
        most = np.count_nonzero(self.inverted[seen]) * 2 > np.count_nonzero(seen)
        return np.asarray(seen & (self.inverted != most))


def look(folder: Path, index: Index, progress: Callable[[int], None]) -> ImageStats:
    """Decode every picture of a data set's folder; `progress` is told how many are done, and may raise."""
    n = len(index.labels)
    looks = ImageStats(
        np.full((n, SIDE, SIDE), 255, dtype=np.uint8), *(np.zeros(n, dtype=kind) for kind in (bool, float, bool, bool))
    )
    for number, data in enumerate(encoded(folder, index)):
        if number % BATCH == 0:
            progress(number)
        try:
            looks.small[number] = _small(pictures.decode(data))
            looks.readable[number] = True
        except pictures.PictureError:
            continue
    for start in range(0, n, BATCH):
        _measure(looks, slice(start, start + BATCH))
    return looks


def _small(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Greys of a picture (h, w) or (h, w, 2), squeezed into the square."""
    greys = Image.fromarray(to_greys(pixels[np.newaxis])[0])
    return np.asarray(greys.resize((SIDE, SIDE), Image.Resampling.BILINEAR))


def _measure(looks: ImageStats, which: slice) -> None:
    """Find the ink of some pictures, and make it dark."""
    masks, greys = to_masks(looks.small[which])
    looks.inverted[which] = (greys != looks.small[which]).any(axis=(1, 2))
    looks.small[which] = greys
    looks.ink[which] = masks.mean(axis=(1, 2))
    solid = (window_counts(masks, BLOCK_REACH) == (2 * BLOCK_REACH + 1) ** 2).any(axis=(1, 2))
    looks.blocks[which] = solid | _has_bar(masks.mean(axis=1)) | _has_bar(masks.mean(axis=2))


def _has_bar(shares: NDArray[np.float64]) -> Flags:
    """Whether enough neighbouring lines are full, given their shares of ink (n, 32)."""
    windows = sliding_window_view(shares, BAR, axis=1)
    return np.asarray((windows.min(axis=2) >= FULL).any(axis=1))
