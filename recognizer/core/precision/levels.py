"""Whole numbers that weights are rounded to, and their codes as bytes hold them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int8]
Bytes = npt.NDArray[np.uint8]
Doubles = npt.NDArray[np.float64]
LARGEST = {8: 127, 4: 15, 2: 3}
"""The largest whole number of a weight of so many bits; the least is its negative."""


def nearest(values: Doubles, bits: int) -> Doubles:
    """The level nearest to each value: with 8 bits −127, −126 … 127, with 4 −15, −13 … 15, with 2 −3, −1, 1, 3.

    With few bits there is no 0: the 16 (or 4) codes are all used, and lie alike on both sides.
    """
    levels = np.rint(values) if bits == 8 else 2 * np.floor(values / 2) + 1
    return np.clip(levels, -LARGEST[bits], LARGEST[bits], out=levels)


def are_levels(whole: Whole, bits: int) -> bool:
    """Whether all are levels of weights of so many bits."""
    inside = np.abs(whole.astype(np.int16)) <= LARGEST[bits]
    return bool(inside.all() and (bits == 8 or (whole & 1).all()))


def row_bytes(count: int, bits: int) -> int:
    """Bytes of a row of so many weights; a row begins with a byte of its own."""
    return -(-count * bits // 8)


def pack(whole: Whole, bits: int) -> Bytes:
    """Rows (n, row_bytes) of weights (n, count): with 8 bits two's complement, else codes (w + largest) / 2.

    The first weight of a byte is in its lowest bits; bits that no weight has are 0.
    """
    if bits == 8:
        return whole.view(np.uint8)
    rows, count = whole.shape
    each = 8 // bits
    codes = np.zeros((rows, row_bytes(count, bits) * each), np.uint8)
    codes[:, :count] = (whole + LARGEST[bits]) >> 1
    parts = codes.reshape(rows, -1, each) << np.arange(0, 8, bits, dtype=np.uint8)
    return np.asarray(np.bitwise_or.reduce(parts, axis=2), np.uint8)


def unpack(packed: Bytes, count: int, bits: int) -> Whole:
    """Weights (n, count) of rows (n, row_bytes). Raises ValueError for what `pack` does not make."""
    if bits == 8:
        whole = packed.view(np.int8)
        if not are_levels(whole, bits):
            raise ValueError("a weight of -128")
        return whole
    parts = (packed[:, :, np.newaxis] >> np.arange(0, 8, bits, dtype=np.uint8)) & ((1 << bits) - 1)
    codes = parts.reshape(len(packed), -1).astype(np.int8)
    if codes[:, count:].any():
        raise ValueError("bits after a row's last weight")
    return np.ascontiguousarray(2 * codes[:, :count] - LARGEST[bits])
