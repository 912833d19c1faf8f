"""Samples in bytes, checked once before any work; several sources mixed by share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognizer.core.messages import message as _
from training.core.hyperparameters import SHARES, HyperparameterError, Hyperparameters

Bytes = NDArray[np.uint8]
Labels = NDArray[np.integer]


class SamplesError(ValueError):
    """Samples that cannot be trained on or evaluated: what is wrong with them."""


@dataclass(frozen=True)
class Samples:
    """Inputs and their labels.

    Attributes:
        inputs: uint8 (n, n_in), 0…255; the network sees them divided by 255. Of a training set they are the pictures
            that the ink specification makes inputs of, so that augmentation can change them.
        labels: integers (n,), 0 for the first letter.

    Raises:
        SamplesError: shapes or dtypes that do not fit.
    """

    inputs: Bytes
    labels: Labels

    def __post_init__(self) -> None:
        if self.inputs.dtype != np.uint8 or self.inputs.ndim != 2:
            raise SamplesError(
                _("Inputs must be bytes of shape (n, n_in), not %(dtype)s %(shape)s.")
                % {"dtype": self.inputs.dtype, "shape": self.inputs.shape}
            )
        if not np.issubdtype(self.labels.dtype, np.integer) or self.labels.shape != self.inputs.shape[:1]:
            raise SamplesError(
                _("%(inputs)s inputs need as many whole-number labels, not %(dtype)s %(shape)s.")
                % {"inputs": len(self.inputs), "dtype": self.labels.dtype, "shape": self.labels.shape}
            )

    def __len__(self) -> int:
        return len(self.labels)


class TrainingSet:
    """One or several sources as one training set: which samples an epoch takes from each, in a new order each time.

    Attributes:
        inputs, labels: of all sources, one after the other.
    """

    def __init__(self, sources: Sequence[Samples], hyperparameters: Hyperparameters) -> None:
        inputs = [source.inputs for source in sources]
        self.inputs: Bytes = inputs[0] if len(inputs) == 1 else np.concatenate(inputs)
        self.labels = np.concatenate([source.labels for source in sources]).astype(np.intp)
        self._sizes = [len(source) for source in sources]
        self._first, self._last = _shares(self._sizes, hyperparameters)
        self._last_epoch = max(1, hyperparameters.epochs - 1)
        self._length = hyperparameters.epoch_samples or len(self.labels)
        self._is_balanced = hyperparameters.class_sampling == "balanced"

    def __len__(self) -> int:
        """Samples of one epoch: as many as there are in all sources together, unless the recipe says how many."""
        return self._length

    def order(self, rng: np.random.Generator, epoch: int = 0) -> NDArray[np.intp]:
        """The samples of an epoch, counted from 0, shuffled. Each source gives its share, going round when short.

        With balanced class sampling each class then has an equal share of what the sources gave, going round likewise.
        """
        order = self._of_sources(rng, epoch)
        return rng.permutation(_balanced(rng, order, self.labels[order])) if self._is_balanced else order

    def _of_sources(self, rng: np.random.Generator, epoch: int) -> NDArray[np.intp]:
        if len(self._sizes) == 1:
            return _rounds(rng, self._sizes[0], len(self))
        starts = np.cumsum([0, *self._sizes])
        drawn = [
            start + _rounds(rng, size, count)
            for start, size, count in zip(starts, self._sizes, self._counts(epoch), strict=False)
        ]
        return rng.permutation(np.concatenate(drawn))

    def _counts(self, epoch: int) -> list[int]:
        """Samples of each source in an epoch; rounded so that they add up."""
        shares = self._first + (self._last - self._first) * min(epoch / self._last_epoch, 1.0)
        edges = np.rint(np.cumsum([0.0, *shares]) * len(self)).astype(int)
        return [int(count) for count in np.diff(edges)]


def _shares(sizes: list[int], hyperparameters: Hyperparameters) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The share of each source in the first and in the last epoch; each adds up to 1."""
    for name in SHARES:
        if (weights := getattr(hyperparameters, name)) and len(weights) != len(sizes):
            raise HyperparameterError(
                name,
                _("has %(shares)s shares for %(count)s data set(s); give one for each.")
                % {"shares": len(weights), "count": len(sizes)},
            )
    first = np.array(hyperparameters.source_weights or [size**hyperparameters.source_balance for size in sizes])
    last = np.array(hyperparameters.closing_weights or first)
    return first / first.sum(), last / last.sum()


def _balanced(rng: np.random.Generator, order: NDArray[np.intp], labels: NDArray[np.intp]) -> NDArray[np.intp]:
    """As many samples as `order` has, the same number of each class in it, give or take one."""
    classes = np.unique(labels)
    counts = np.diff(np.rint(np.linspace(0, len(order), len(classes) + 1)).astype(int))
    members = [order[labels == label] for label in classes]
    return np.concatenate([own[_rounds(rng, len(own), int(count))] for own, count in zip(members, counts, strict=True)])


def _rounds(rng: np.random.Generator, size: int, count: int) -> NDArray[np.intp]:
    """`count` samples of `size` in random order, each taken as often as any other, give or take one."""
    rounds = [rng.permutation(size) for _ in range(-(-count // size))]
    return np.concatenate(rounds)[:count] if rounds else np.empty(0, np.intp)


def check(training: Sequence[Samples], validation: Samples, *, n_pixels: int, n_inputs: int, n_classes: int) -> None:
    """Check the data before a training begins.

    Raises:
        SamplesError: nothing to train on, inputs of another length, labels out of range,
            a class with no training sample.
    """
    if not training:
        raise SamplesError(_("There is no data set to train on."))
    for source in training:
        check_one(source, _("training"), n_inputs=n_pixels, n_classes=n_classes)
    check_one(validation, _("validation"), n_inputs=n_inputs, n_classes=n_classes)
    present = np.unique(np.concatenate([source.labels for source in training]))
    missing = sorted(set(range(n_classes)) - set(present.tolist()))
    if missing:
        shown = ", ".join(map(str, missing[:5])) + ("…" if len(missing) > 5 else "")
        raise SamplesError(
            _("There is no training sample with label %(shown)s; the network has %(n_classes)s classes.")
            % {"shown": shown, "n_classes": n_classes}
        )


def check_one(samples: Samples, what: str, *, n_inputs: int, n_classes: int) -> None:
    """One set of samples against a network's inputs and classes; raises `SamplesError`."""
    if not len(samples):
        raise SamplesError(_("There are no %(what)s samples.") % {"what": what})
    if samples.inputs.shape[1] != n_inputs:
        raise SamplesError(
            _("The %(what)s inputs have %(length)s values; the network reads %(n_inputs)s.")
            % {"what": what, "length": samples.inputs.shape[1], "n_inputs": n_inputs}
        )
    low, high = int(samples.labels.min()), int(samples.labels.max())
    if low < 0 or high >= n_classes:
        raise SamplesError(
            _("The %(what)s labels go from %(low)s to %(high)s; they must be 0 to %(highest)s.")
            % {"what": what, "low": low, "high": high, "highest": n_classes - 1}
        )
