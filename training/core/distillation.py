"""Distillation: a network learns from larger ones as well as from labels (Hinton, Vinyals, Dean 2015).

The targets of a mini-batch become y = (1 − w) · y_hard + w · mean over teachers of softmax(z / T). The
teachers read the same inputs as the student, with the same augmentation: a consistent teacher says how
much *this* distortion of a letter looks like another one (Beyer et al. 2022). Teachers are plain networks
that do not change; the student's own softmax has temperature 1, so its cost is that of the network that serves.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from recognizer.core.messages import message as _
from recognizer.core.network import Network
from training.core import activations
from training.core.folding import folded_inversion
from training.core.hyperparameters import Hyperparameters
from training.core.parameters import Array
from training.core.products import Products
from training.core.state import TrainingState


class TeacherError(ValueError):
    """Teachers that cannot teach this network: which, and why."""


class Teachers:
    """The teachers' part of the targets, w · mean of softmax(z / T), of one mini-batch after another.

    Args:
        networks: the teachers; each has the same weight.
        hyperparameters: share, temperature, and whether inputs are inverted, are used.
        unit: what 1 in the inputs stands for, such as 1/255 for bytes.
        dtype: of the inputs.
    """

    def __init__(
        self, networks: Sequence[Network], hyperparameters: Hyperparameters, *, unit: float, dtype: np.dtype[Any]
    ) -> None:
        share = hyperparameters.distillation / len(networks)
        self._share = dtype.type(share)
        self._teachers = [_Teacher(network, hyperparameters, unit, dtype) for network in networks]

    def soft_targets(self, inputs: Array) -> Array:
        """w · mean of the teachers' probabilities, (classes, columns), of inputs (n_in, columns).

        The array is the teachers' own: it holds until the next call.
        """
        first, *others = self._teachers
        total = first.probabilities(inputs)
        for teacher in others:
            total += teacher.probabilities(inputs)
        total *= self._share
        return total


class _Teacher:
    """One teacher, its buffers made once for each number of columns."""

    def __init__(self, network: Network, hyperparameters: Hyperparameters, unit: float, dtype: np.dtype[Any]) -> None:
        layers = list(zip(network.weights, network.biases, strict=True))
        if hyperparameters.inverted:
            layers[0] = folded_inversion(*layers[0])
        self._layers = [(np.ascontiguousarray(w, dtype), b.astype(dtype)[:, None]) for w, b in layers]
        self._activate = activations.HIDDEN[network.activation]
        self._unit = unit
        self._inverse_temperature = dtype.type(1 / hyperparameters.temperature)
        self._products = Products(dtype)
        self._buffers: dict[int, list[tuple[Array, Array]]] = {}

    def probabilities(self, inputs: Array) -> Array:
        """softmax(z / T), (classes, columns), in this teacher's own buffer."""
        a, unit = inputs, self._unit
        buffers = self._buffers_of(inputs.shape[1])
        for index, ((weights, biases), (z, scratch)) in enumerate(zip(self._layers, buffers, strict=True)):
            self._products.forward(weights, a, z, unit)
            z += biases
            if index < len(self._layers) - 1:
                self._activate(z, scratch)
            a, unit = z, 1.0
        a *= self._inverse_temperature
        activations.softmax(a)
        return a

    def _buffers_of(self, columns: int) -> list[tuple[Array, Array]]:
        """For each layer its values and what its activation also writes (the derivative, of no use here)."""
        if columns not in self._buffers:
            shapes = [(weights.shape[0], columns) for weights, _ in self._layers]
            dtype = self._layers[0][0].dtype
            self._buffers[columns] = [(np.empty(shape, dtype), np.empty(shape, dtype)) for shape in shapes]
        return self._buffers[columns]


def prepare_teachers(networks: Sequence[Network], state: TrainingState, *, unit: float) -> Teachers | None:
    """The teachers of a training, recorded in its state; None without distillation.

    Their order does not matter: they are taken in that of their fingerprints.

    Raises:
        TeacherError: they cannot teach this network, or it has begun with other ones.
    """
    check(networks, state.hyperparameters, n_inputs=state.n_inputs, n_classes=state.n_classes)
    ordered = sorted((network.weights_sha256(), place) for place, network in enumerate(networks))
    fingerprints = tuple(fingerprint for fingerprint, _ in ordered)
    if state.epoch and fingerprints != state.teachers:
        raise TeacherError(_("The training began with other teachers; it can only go on with the same ones."))
    state.teachers = fingerprints
    if not networks:
        return None
    in_order = [networks[place] for _, place in ordered]
    return Teachers(in_order, state.hyperparameters, unit=unit, dtype=state.arrays["parameters"].dtype)


def check(teachers: Sequence[Network], hyperparameters: Hyperparameters, *, n_inputs: int, n_classes: int) -> None:
    """Check, before any work, that these networks can teach.

    Raises:
        TeacherError: a share without a teacher or the other way round; one that reads other inputs or
            other classes.
    """
    if hyperparameters.distillation and not teachers:
        raise TeacherError(_("distillation needs a teacher; without one set it to 0."))
    if teachers and not hyperparameters.distillation:
        raise TeacherError(_("There is a teacher, but distillation is 0: set its share of the targets, such as 0.5."))
    for place, teacher in enumerate(teachers, start=1):
        ends = (teacher.sizes[0], teacher.sizes[-1])
        if ends != (n_inputs, n_classes):
            raise TeacherError(
                _(
                    "Teacher %(place)s reads %(inputs)s inputs and tells %(classes)s classes apart; "
                    "the network has %(n_inputs)s and %(n_classes)s."
                )
                % {"place": place, "inputs": ends[0], "classes": ends[1], "n_inputs": n_inputs, "n_classes": n_classes}
            )
