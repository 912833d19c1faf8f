"""What a network admits not to know: calibrated probabilities, and a score by which a drawing is no letter.

A card keeps it (`recipe.doubt`), fitted after the training by `training.core.doubt`; see docs/doubt.md.
"""

from __future__ import annotations

import base64
import binascii
import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Dict, Mapping, Optional, Tuple

import numpy as np
import numpy.typing as npt

from recognizer.core.activations import softmax
from recognizer.core.messages import message as _

Floats = npt.NDArray[np.floating]
Doubles = npt.NDArray[np.float64]
KEY = "doubt"
"""Of a card's recipe: what format 1 leaves open, so that programs of before still read the file."""
TEMPERATURES = (0.05, 20.0)
MAX_KINDS = 64
MAX_HIDDEN = 2048
"""Neurons of the last hidden layer, with which the weights of all kinds fit into a card."""
LARGEST = 1e6
"""Of any number of a doubt."""
INT16 = "<i2"
FULL = 32767


class DoubtError(ValueError):
    """A card's doubt that cannot be used."""


@dataclass(frozen=True, eq=False)
class Doubt:
    """How far a network's answer is to be believed. Checks itself: raises DoubtError.

    Beside the letters' logits z stand those of `kinds` of drawings that are no letters, from the last hidden layer h,
    and the score is log Σ exp(z/T) − log Σ exp(W h + b); without kinds it is the first term alone.

    Attributes:
        temperature: T, by which logits are divided before the softmax.
        threshold: a drawing that scores less is refused; None refuses none.
        kinds: names of what is no letter.
        weights: W, float64 (kinds, hidden).
        biases: b, float64 (kinds,).
    """

    temperature: float = 1.0
    threshold: Optional[float] = None
    kinds: Tuple[str, ...] = ()
    weights: Optional[Doubles] = None
    biases: Optional[Doubles] = None

    def __post_init__(self) -> None:
        """Check the numbers."""
        low, high = TEMPERATURES
        if not _is_number(self.temperature) or not low <= self.temperature <= high:
            raise DoubtError(_("the temperature is a number from %(low)g to %(high)g") % {"low": low, "high": high})
        if self.threshold is not None and not _is_number(self.threshold):
            raise DoubtError(_("the threshold is a number or nothing"))
        if len(self.kinds) > MAX_KINDS:
            raise DoubtError(_("there are at most %(most)d kinds of non-letters") % {"most": MAX_KINDS})

    @property
    def hidden(self) -> Optional[int]:
        """How many neurons the last hidden layer must have; None where that does not matter."""
        return None if self.weights is None else self.weights.shape[1]

    @cached_property
    def _matrix(self) -> npt.NDArray[np.float32]:
        """Wᵀ in float32."""
        weights = np.empty((0, 0)) if self.weights is None else self.weights
        return np.ascontiguousarray(weights.T, dtype=np.float32)

    def probabilities(self, logits: Floats) -> Floats:
        """Calibrated probabilities (m, classes) from logits (m, classes)."""
        return softmax(logits / logits.dtype.type(self.temperature))

    def scores(self, hidden: Floats, logits: Floats) -> Doubles:
        """How like a letter each of m drawings is: from the last hidden layer (m, hidden) and logits (m, classes)."""
        scores = log_sum_exp(logits.astype(np.float64) / self.temperature)
        if self.weights is not None and self.biases is not None:
            scores -= log_sum_exp(hidden @ self._matrix + self.biases)
        return scores

    def refuses(self, hidden: Floats, logits: Floats) -> npt.NDArray[np.bool_]:
        """Which of m drawings look like no letter."""
        if self.threshold is None:
            return np.zeros(len(logits), np.bool_)
        return self.scores(hidden, logits) < self.threshold

    def reading_bytes(self, units: Doubles, zero: float) -> Doubt:
        """The doubt of the network in whole numbers: a hidden value is zero + unit · byte, (hidden,) units.

        The threshold is to be fitted anew.
        """
        if self.weights is None or self.biases is None:
            return Doubt(self.temperature, self.threshold)
        biases = self.biases + zero * self.weights.sum(axis=1)
        return Doubt(self.temperature, self.threshold, self.kinds, self.weights * units, biases)

    def as_dict(self) -> Dict[str, Any]:
        """The doubt as a card's JSON; weights as 16-bit whole numbers, as `rounded` leaves them."""
        kinds = {}
        if self.weights is not None and self.biases is not None:
            for kind, weights, bias in zip(self.kinds, self.weights, self.biases):
                scale, whole = _whole(weights)
                text = base64.b64encode(whole.astype(INT16).tobytes()).decode("ascii")
                kinds[kind] = {"bias": float(bias), "scale": scale, "weights": text}
        return {"temperature": self.temperature, "threshold": self.threshold, "non_letters": kinds}

    def rounded(self) -> Doubt:
        """The doubt as it is read back from a card."""
        return Doubt.of(self.as_dict())

    @classmethod
    def of(cls, value: Any) -> Doubt:
        """A doubt from a card's JSON, which is not trusted; {} makes one that changes nothing. Raises DoubtError."""
        if not isinstance(value, dict):
            raise DoubtError(_("it is not an object"))
        if not value:
            return cls()
        kinds = value.get("non_letters")
        if set(value) != {"temperature", "threshold", "non_letters"} or not isinstance(kinds, dict):
            raise DoubtError(_("it has a temperature, a threshold and an object of non-letters"))
        weights, biases = _read_kinds(kinds) if kinds else (None, None)
        return cls(value["temperature"], value["threshold"], tuple(kinds), weights, biases)


def log_sum_exp(z: Doubles) -> Doubles:
    """log Σ exp(z) of each row of (m, n), without overflow."""
    largest = z.max(axis=1)
    return np.asarray(largest + np.log(np.exp(z - largest[:, np.newaxis]).sum(axis=1)))


def _whole(weights: Doubles) -> Tuple[float, Doubles]:
    """Weights as scale · whole numbers of 16 bits."""
    scale = float(np.abs(weights).max()) / FULL or 1.0
    return scale, np.rint(weights / scale)


def _read_kinds(kinds: Mapping[str, Any]) -> Tuple[Doubles, Doubles]:
    """Weights and biases of all kinds."""
    if len(kinds) > MAX_KINDS:
        raise DoubtError(_("there are at most %(most)d kinds of non-letters") % {"most": MAX_KINDS})
    rows = [_read_row(kind) for kind in kinds.values()]
    if len({len(weights) for weights, _bias in rows}) != 1:
        raise DoubtError(_("its kinds of non-letters have equally many weights"))
    return np.stack([weights for weights, _bias in rows]), np.array([bias for _weights, bias in rows])


def _read_row(kind: Any) -> Tuple[Doubles, float]:
    """Weights and bias of one kind."""
    if not isinstance(kind, dict) or set(kind) != {"bias", "scale", "weights"} or not isinstance(kind["weights"], str):
        raise DoubtError(_("each kind of non-letters has a bias, a scale and weights"))
    if not _is_number(kind["bias"]) or not _is_number(kind["scale"]):
        raise DoubtError(_("bias and scale of non-letters are numbers"))
    try:
        data = base64.b64decode(kind["weights"], validate=True)
    except (ValueError, binascii.Error):
        data = b""
    if not 0 < len(data) <= 2 * MAX_HIDDEN or len(data) % 2:
        raise DoubtError(
            _("the weights of non-letters are base64 of 1 to %(most)d whole numbers of 16 bits") % {"most": MAX_HIDDEN}
        )
    return np.frombuffer(data, INT16).astype(np.float64) * float(kind["scale"]), float(kind["bias"])


def _is_number(value: object) -> bool:
    return (
        not isinstance(value, bool)
        and isinstance(value, (int, float))
        and math.isfinite(value)
        and abs(value) <= LARGEST
    )
