"""Which first layer a training has."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from recognizer.core.ink import Directions1, InkSpecification
from training.core.first_layer.dense import DenseFirstLayer
from training.core.first_layer.interface import FirstLayer
from training.core.first_layer.sparse import SparseFirstLayer
from training.core.hyperparameters import Hyperparameters
from training.core.inputs.augmentation import AugmentedInputs
from training.core.inputs.directions import DirectionInputs
from training.core.inputs.plain import PlainInputs
from training.core.inputs.source import InputSource
from training.core.samples import Bytes


def make_first_layer(
    hyperparameters: Hyperparameters, pictures: Bytes, *, ink: InkSpecification, neurons: int, dtype: np.dtype[Any]
) -> FirstLayer:
    """The first layer that these hyperparameters ask for: sparse, unless warps or teachers need whole pictures.

    Args:
        hyperparameters: augmentation, distillation and inversion are used.
        pictures: bytes (n, n_pixels) of `ink.pictures`.
        ink: what makes inputs of them.
        neurons: n_out of the first layer.
        dtype: of inputs and weights.

    Raises:
        HyperparameterError: augmentation of inputs that are not a square picture.
    """
    if hyperparameters.augments:
        return DenseFirstLayer(_augmented(hyperparameters, pictures, ink, dtype), dtype)
    samples = ink.of_pictures(pictures)
    if hyperparameters.distillation:
        return DenseFirstLayer(PlainInputs(samples, inverted=hyperparameters.inverted, dtype=dtype), dtype)
    return SparseFirstLayer(samples, inverted=hyperparameters.inverted, neurons=neurons, dtype=dtype)


def _augmented(
    hyperparameters: Hyperparameters, pictures: Bytes, ink: InkSpecification, dtype: np.dtype[Any]
) -> InputSource:
    """Pictures changed at random, and what the specification makes of them."""
    if not isinstance(ink, Directions1):
        return AugmentedInputs(hyperparameters, pictures, paper=ink.paper, dtype=dtype)
    not_inverted = dataclasses.replace(hyperparameters, inverted=False)
    changed = AugmentedInputs(not_inverted, pictures, paper=ink.pictures.paper, dtype=dtype)
    return DirectionInputs(changed, ink.grid, inverted=hyperparameters.inverted, dtype=dtype)
