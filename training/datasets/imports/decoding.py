"""Preparing pictures from their bytes: decoded, hashed, turned into inputs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from recognizer import pictures
from recognizer.core.ink import InkSpecification
from training.datasets.storage.picture_files import digest

PIXELS_AT_ONCE = 4_000_000
"""Decoded pixels that are held before inputs are made of them: memory stays bounded for pictures of any size."""


@dataclass(frozen=True)
class Prepared:
    """The results of preparing n pictures.

    Attributes:
        decoded: bool (n,), which of them are pictures at all.
        inked: bool (n,), which of them show ink.
        sizes: int32 (n, 2), width and height.
        digests: uint8 (n, 32), as `store.digest` makes them.
        inputs: uint8 (n, length).
        reasons: why one is no picture, by its number.

    """

    decoded: NDArray[np.bool_]
    inked: NDArray[np.bool_]
    sizes: NDArray[np.int32]
    digests: NDArray[np.uint8]
    inputs: NDArray[np.uint8]
    reasons: dict[int, str] = field(default_factory=dict)

    @classmethod
    def nothing(cls, count: int, length: int) -> "Prepared":
        """Room for `count` pictures with inputs of this length, none of them decoded yet."""
        return cls(
            np.zeros(count, np.bool_),
            np.zeros(count, np.bool_),
            np.zeros((count, 2), np.int32),
            np.zeros((count, 32), np.uint8),
            np.zeros((count, length), np.uint8),
        )

    def put(self, numbers: Sequence[int], other: "Prepared") -> None:
        """Take what another has of its pictures as what these have."""
        for mine, its in zip(self._columns(), other._columns(), strict=True):
            mine[numbers] = its
        self.reasons.update({numbers[number]: reason for number, reason in other.reasons.items()})

    def _columns(self) -> tuple[NDArray[np.generic], ...]:
        return (self.decoded, self.inked, self.sizes, self.digests, self.inputs)


def prepare(
    datas: Sequence[bytes],
    ink: InkSpecification,
    decode: Callable[[bytes], NDArray[np.uint8]] = pictures.decode,
) -> Prepared:
    """Decode pictures, hash them, and make their inputs by an ink specification."""
    made = Prepared.nothing(len(datas), ink.length)
    held: list[tuple[int, NDArray[np.uint8]]] = []
    digests: list[bytes] = []
    pixels = 0
    for number, data in enumerate(datas):
        try:
            picture = decode(data)
        except pictures.PictureError as error:
            made.reasons[number] = str(error)
            continue
        held.append((number, picture))
        digests.append(digest(picture))  # now, while it is in the processor's cache
        pixels += picture.size
        if pixels >= PIXELS_AT_ONCE:
            _take(made, held, ink)
            held, pixels = [], 0
    if held:
        _take(made, held, ink)
    made.digests[made.decoded] = np.frombuffer(b"".join(digests), np.uint8).reshape(-1, 32)
    return made


def _take(made: Prepared, held: Sequence[tuple[int, NDArray[np.uint8]]], ink: InkSpecification) -> None:
    numbers = [number for number, _picture in held]
    decoded = [picture for _number, picture in held]
    made.decoded[numbers] = True
    made.sizes[numbers] = [picture.shape[1::-1] for picture in decoded]
    made.inputs[numbers], made.inked[numbers] = ink.from_pictures(decoded)
