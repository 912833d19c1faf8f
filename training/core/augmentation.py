"""From bytes to the inputs of a mini-batch: as they are, or each changed at random.

Augmentation works on ink (0 for paper, whatever the ink specification's paper is), on all samples of the
mini-batch at once, feature-major: (n_in, columns).
"""

from __future__ import annotations

import math
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from training.core import warps
from training.core.hyperparameters import HyperparameterError, Hyperparameters
from training.core.parameters import Array
from training.core.samples import Bytes
from training.core.warps import Warps

BANK = 64
"""Warps that an epoch draws from."""
GROUP = 32
"""Neighbouring columns that share one warp."""


class Inputs(Protocol):
    """What makes the inputs of mini-batches.

    Attributes:
        unit: what 1 in these inputs stands for.
    """

    unit: float

    def begin_epoch(self, rng: np.random.Generator) -> None:
        """Use this generator from here on."""

    def take(self, samples: Bytes, chosen: NDArray[np.intp], columns: int) -> Array:
        """Inputs (n_in, columns) of the samples `chosen`; columns beyond them hold anything finite."""


def make_inputs(hyperparameters: Hyperparameters, *, n_inputs: int, paper: int, dtype: np.dtype[Any]) -> Inputs:
    """The maker of inputs that these hyperparameters ask for.

    Raises:
        HyperparameterError: augmentation of inputs that are no square picture.
    """
    if not hyperparameters.augments:
        return PlainInputs(inverted=hyperparameters.inverted, dtype=dtype)
    if math.isqrt(n_inputs) ** 2 != n_inputs:
        raise HyperparameterError("rotation", f"augmentation needs square pictures, not {n_inputs} inputs.")
    return AugmentedInputs(hyperparameters, n_inputs=n_inputs, paper=paper, dtype=dtype)


class PlainInputs:
    """Bytes 0…255 as floats, or 255 minus that if inverted; the division by 255 is left to the first product."""

    unit = 1 / 255

    def __init__(self, *, inverted: bool, dtype: np.dtype[Any]) -> None:
        self._inverted = inverted
        self._dtype = dtype
        self._buffers: dict[int, Array] = {}

    def begin_epoch(self, rng: np.random.Generator) -> None:
        """Nothing here is random."""

    def take(self, samples: Bytes, chosen: NDArray[np.intp], columns: int) -> Array:
        """Inputs (n_in, columns), the transpose of a C-ordered array: each sample stays in one piece."""
        if columns not in self._buffers:
            self._buffers[columns] = np.zeros((columns, samples.shape[1]), self._dtype)
        buffer = self._buffers[columns]
        taken = np.take(samples, chosen, axis=0)
        if self._inverted:
            np.subtract(255, taken, out=taken)
        buffer[: len(chosen)] = taken
        return buffer.T


class AugmentedInputs:
    """Inputs 0…1 whose ink is warped, thickened or thinned, and covered with noise."""

    unit = 1.0

    def __init__(self, hyperparameters: Hyperparameters, *, n_inputs: int, paper: int, dtype: np.dtype[Any]) -> None:
        self._side = math.isqrt(n_inputs)
        self._light_ink = paper == 0
        self._inverted = hyperparameters.inverted
        self._thickness = hyperparameters.thickness
        self._noise = hyperparameters.noise
        self._warps = Warps.of(hyperparameters)
        self._dtype = dtype
        self._bank: list[Any] = []
        self._grain = np.empty(0, dtype)
        self._rng = np.random.default_rng(0)

    def begin_epoch(self, rng: np.random.Generator) -> None:
        """Draw the epoch's bank of warps and its noise."""
        self._rng = rng
        if self._warps:
            self._bank = self._warps.bank(rng, BANK, self._side, factor=1 / 255, dtype=self._dtype)
        if self._noise:
            self._grain = (self._noise * rng.standard_normal(1 << 18)).astype(self._dtype)

    def take(self, samples: Bytes, chosen: NDArray[np.intp], columns: int) -> Array:
        """Inputs (n_in, columns), C order, of the samples `chosen`, each changed at random."""
        ink = np.zeros((samples.shape[1], columns), np.uint8)
        ink[:, : len(chosen)] = np.take(samples, chosen, axis=0).T
        if not self._light_ink:
            np.subtract(255, ink, out=ink)
        inputs = self._warped(self._reweighted(ink))
        if self._noise:
            inputs += np.resize(np.roll(self._grain, int(self._rng.integers(self._grain.size))), inputs.shape)
        if self._light_ink == self._inverted:  # paper is 1
            np.subtract(1, inputs, out=inputs)
        return inputs

    def _reweighted(self, ink: Bytes) -> Array:
        """A third of the columns thickened, a third thinned, each by its own share; 0…255 as floats."""
        result = ink.astype(self._dtype)
        third = ink.shape[1] // 3
        if not self._thickness or not third:
            return result
        shares = self._rng.uniform(0, self._thickness, 2 * third).astype(self._dtype)
        for first, extreme in ((0, np.maximum), (third, np.minimum)):
            places = slice(first, first + third)
            there = np.ascontiguousarray(ink[:, places])
            change = _neighbours(there, extreme, self._side).astype(self._dtype)
            change -= there
            change *= shares[places]
            result[:, places] += change
        return result

    def _warped(self, ink: Array) -> Array:
        """Each group of columns through a warp of the bank; 0…1."""
        if not self._warps:
            ink *= self._dtype.type(1 / 255)
            return ink
        chosen = self._rng.integers(BANK, size=-(-ink.shape[1] // GROUP))
        groups = [
            warps.apply(self._bank[warp], np.ascontiguousarray(ink[:, start : start + GROUP]))
            for warp, start in zip(chosen, range(0, ink.shape[1], GROUP), strict=True)
        ]
        return groups[0] if len(groups) == 1 else np.concatenate(groups, axis=1)


def _neighbours(ink: Bytes, extreme: np.ufunc, side: int) -> Bytes:
    """The maximum or minimum over each pixel's 3×3 neighbours, (n_in, m); the border repeats."""
    pictures = ink.reshape(side, side, -1)
    for axis in (0, 1):
        before, after = _shifted(pictures, axis, -1), _shifted(pictures, axis, 1)
        pictures = extreme(pictures, extreme(before, after))
    return pictures.reshape(ink.shape)


def _shifted(pictures: Bytes, axis: int, by: int) -> Bytes:
    """The pictures moved by one pixel, the edge repeated."""
    index = np.clip(np.arange(pictures.shape[axis]) + by, 0, pictures.shape[axis] - 1)
    return np.take(pictures, index, axis=axis)
