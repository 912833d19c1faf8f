"""Augmentation: each picture of a mini-batch changed at random.

It works on ink (0 for paper, whatever the ink specification's paper is), on all samples of the
mini-batch at once, feature-major: (n_in, columns).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from recognizer.core.messages import message as _
from training.core.hyperparameters import HyperparameterError, Hyperparameters
from training.core.inputs.source import Indices, padded
from training.core.inputs.warps import Warps
from training.core.parameters import Array
from training.core.samples import Bytes

BANK = 64
"""Warps that an epoch draws from."""
GROUP = 64
"""Neighbouring columns that share one warp, a multiple of 16."""


class AugmentedInputs:
    """Inputs 0…1 whose ink is warped, thickened or thinned, and covered with noise.

    The columns are made in groups, each through one warp and thickened or thinned as one: a group's arrays
    stay in the cache, and every operation is on whole arrays.

    Raises:
        HyperparameterError: inputs that are not a square picture.
    """

    unit = 1.0

    def __init__(self, hyperparameters: Hyperparameters, samples: Bytes, *, paper: int, dtype: np.dtype[Any]) -> None:
        n_inputs = samples.shape[1]
        if math.isqrt(n_inputs) ** 2 != n_inputs:
            raise HyperparameterError(
                "rotation", _("augmentation needs square pictures, not %(n_inputs)s inputs.") % {"n_inputs": n_inputs}
            )
        self._samples = samples
        self._order = np.empty(0, np.intp)
        self._side = math.isqrt(n_inputs)
        self._light_ink = paper == 0
        self._paper_is_one = self._light_ink == hyperparameters.inverted
        self._thickness = hyperparameters.thickness
        self._noise = hyperparameters.noise
        self._warps = Warps.of(hyperparameters)
        self._dtype = dtype
        self._bank: list[Any] = []
        self._grain = np.empty(0, dtype)
        self._rng = np.random.default_rng(0)
        self._buffers: dict[int, Array] = {}
        self._groups = {size: np.zeros((n_inputs, size), np.uint8) for size in range(16, GROUP + 1, 16)}

    def begin_epoch(self, rng: np.random.Generator, order: Indices) -> None:
        """Draw the epoch's bank of warps and its noise."""
        self._rng, self._order = rng, order
        if self._warps:
            self._bank = self._warps.bank(rng, BANK, self._side, factor=1 / 255, dtype=self._dtype)
        if self._noise:
            self._grain = (self._noise * rng.standard_normal(1 << 18)).astype(self._dtype)

    def take(self, start: int, samples: int) -> Array:
        """Inputs (n_in, columns), C order, each changed at random."""
        chosen = self._order[start : start + samples]
        columns = padded(samples)
        if columns not in self._buffers:
            self._buffers[columns] = np.zeros((self._samples.shape[1], columns), self._dtype)
        inputs = self._buffers[columns]
        for first in range(0, columns, GROUP):
            ink = self._groups[min(GROUP, columns - first)]
            of_group = chosen[first : first + GROUP]
            ink[:, : len(of_group)] = self._samples.take(of_group, axis=0).T
            if not self._light_ink:
                np.subtract(255, ink, out=ink)
            inputs[:, first : first + GROUP] = self._warped(self._reweighted(ink))
        if self._noise:
            inputs += np.resize(np.roll(self._grain, int(self._rng.integers(self._grain.size))), inputs.shape)
        if self._paper_is_one:
            np.subtract(1, inputs, out=inputs)
        return inputs

    def _reweighted(self, ink: Bytes) -> Array:
        """All columns thickened, or thinned, or neither, each by its own share; 0…255 as floats."""
        result = ink.astype(self._dtype)
        kind = self._rng.integers(3) if self._thickness else 0
        if kind:
            shares = self._thickness * self._rng.random(ink.shape[1], self._dtype.type)
            if kind == 1:
                result += (neighbours(ink, np.maximum, self._side) - ink) * shares
            else:
                result -= (ink - neighbours(ink, np.minimum, self._side)) * shares
        return result

    def _warped(self, ink: Array) -> Array:
        """All columns through one warp of the bank; 0…1."""
        if not self._warps:
            ink *= self._dtype.type(1 / 255)
            return ink
        return np.asarray(self._bank[self._rng.integers(BANK)] @ ink)


def neighbours(ink: Bytes, extreme: np.ufunc, side: int) -> Bytes:
    """The maximum or minimum over each pixel and its eight neighbours, (side², m)."""
    pictures = ink.reshape(side, side, -1)
    across = pictures.copy()
    extreme(across[:, 1:], pictures[:, :-1], out=across[:, 1:])
    extreme(across[:, :-1], pictures[:, 1:], out=across[:, :-1])
    both = across.copy()
    extreme(both[1:], across[:-1], out=both[1:])
    extreme(both[:-1], across[1:], out=both[:-1])
    return both.reshape(ink.shape)
