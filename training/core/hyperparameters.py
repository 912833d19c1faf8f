"""All that is chosen before a training: checked values, their descriptions, and named presets."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from recognizer.core.ink import specification
from recognizer.core.messages import message as _
from training.core.options.fields import Field, HyperparameterError, descriptions
from training.core.options.network import NetworkOptions
from training.core.options.training import TrainingOptions

__all__ = ["FIELDS", "PRESETS", "PRESET_LINES", "SHARES", "Field", "HyperparameterError", "Hyperparameters"]

SHARES = ("source_weights", "closing_weights")
"""Hyperparameters with a number for each data set."""


@dataclass(frozen=True, kw_only=True)
class Hyperparameters(TrainingOptions, NetworkOptions):
    """The recipe of one training. Every instance has been checked: see `FIELDS` for the bounds.

    Raises:
        HyperparameterError: a value of the wrong kind or out of bounds, or two that contradict.
    """

    def __post_init__(self) -> None:
        for name, field in FIELDS.items():
            object.__setattr__(self, name, field.parse(getattr(self, name)))
        if self.cost == "cross-entropy" and self.output != "softmax":
            raise HyperparameterError(
                "output", _("cross-entropy needs softmax; with sigmoid choose binary-cross-entropy.")
            )
        if (self.cost, self.output_error) == ("cross-entropy", "elementwise"):
            raise HyperparameterError(
                "output_error", _("elementwise is for the costs quadratic and binary-cross-entropy.")
            )
        if self.batch_normalization and self.batch_size < 2:
            raise HyperparameterError("batch_size", _("batch normalisation needs mini-batches of 2 samples or more."))
        if self.sparsity:
            self._check_pruning()
        for name in SHARES:
            if (shares := getattr(self, name)) and not sum(shares) > 0:
                raise HyperparameterError(name, _("at least one share must be above 0."))
        if self.class_sampling == "balanced" and self.class_weights == "balanced":
            raise HyperparameterError("class_sampling", _("class weights are balanced already; choose one of the two."))

    def _check_pruning(self) -> None:
        if self.pruning_begin >= self.pruning_end:
            raise HyperparameterError("pruning_end", _("must be after the beginning of the pruning."))
        if self.early_stopping:
            raise HyperparameterError(
                "early_stopping", _("would serve an epoch in which pruning was not done yet; set it or sparsity to 0.")
            )

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, object], *, base: Hyperparameters | None = None) -> Hyperparameters:
        """The recipe with these values, texts or typed, and the rest from `base` or the defaults.

        Raises:
            HyperparameterError: an unknown name, or a value that cannot be used.
        """
        for name in mapping:
            if name not in FIELDS:
                raise HyperparameterError(str(name), _no_such(str(name)))
        parsed = {name: FIELDS[name].parse(value) for name, value in mapping.items()}
        values: dict[str, Any] = {**(base.as_dict() if base else {}), **parsed}
        return cls(**values)

    def as_dict(self) -> dict[str, Any]:
        """Every value by name, ready for JSON (tuples as lists); `from_mapping` reads it back."""
        values = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}

    def sizes(self, n_classes: int) -> tuple[int, ...]:
        """Layer sizes of a network that tells so many letters apart, inputs first."""
        return (specification(self.ink_specification).length, *self.hidden_layers, n_classes)

    @property
    def augments(self) -> bool:
        """Whether any augmentation is on."""
        return any(getattr(self, name) > 0 for name in AUGMENTATIONS)


def _no_such(name: str) -> str:
    close = difflib.get_close_matches(name, FIELDS, n=1)
    if not close:
        return _("no such hyperparameter.")
    return _("no such hyperparameter. Did you mean %(close)s?") % {"close": close[0]}


FIELDS: dict[str, Field] = descriptions(Hyperparameters)
AUGMENTATIONS = tuple(name for name, field in FIELDS.items() if field.group == "augmentation")

_THESIS = Hyperparameters(
    ink_specification="raw-28",
    hidden_layers=(256, 128),
    activation="sigmoid",
    cost="cross-entropy",
    initializer="scaled-normal",
    optimizer="sgd",
    learning_rate=0.02,
    l2=3.5,
    batch_size=15,
    epochs=80,
)

_THESIS_RELU = dataclasses.replace(
    _THESIS, activation="relu", learning_rate=0.01, l2=20.0, epochs=300, early_stopping=100
)

_STANDARD = Hyperparameters(
    ink_specification="directions-1",
    hidden_layers=(256, 128),
    initializer="he",
    batch_normalization=True,
    label_smoothing=0.05,
    optimizer="adamw",
    learning_rate=0.004,
    weight_decay=0.05,
    ema=0.999,
    batch_size=128,
    epochs=120,
    schedule="cosine",
    warmup_steps=300,
    source_balance=0.3,
    rotation=6,
    shear=0.15,
    scale=0.08,
    shift=0.9,
    elastic=0.9,
)

_FEW_WEIGHTS = dataclasses.replace(
    _STANDARD,
    hidden_layers=(64, 32),
    label_smoothing=0.0,
    weight_decay=0.01,
    rotation=4,
    shear=0.1,
    scale=0.05,
    shift=0.6,
    elastic=0.5,
)
"""What holds a large network back is too much for one that has no weights to spare."""

PRESETS: dict[str, Hyperparameters] = {
    "thesis-first": dataclasses.replace(
        _THESIS,
        hidden_layers=(128, 64),
        cost="quadratic",
        initializer="normal",
        learning_rate=0.8,
        l2=0.0,
        batch_size=30,
    ),
    "thesis-sigmoid": _THESIS,
    "thesis-relu": _THESIS_RELU,
    "thesis-relu-tuned": dataclasses.replace(_THESIS_RELU, learning_rate=0.03),
    "tiny": dataclasses.replace(
        _FEW_WEIGHTS, ink_specification="directions-1-coarse", hidden_layers=(32, 32), learning_rate=0.008
    ),
    "small": _FEW_WEIGHTS,
    "standard": dataclasses.replace(_STANDARD, thickness=0.4),
    "best": dataclasses.replace(
        _STANDARD,
        ink_specification="directions-1-fine",
        hidden_layers=(1024, 512),
        activation="gelu",
        learning_rate=0.003,
        dropout=0.1,
        source_balance=0.15,
        elastic=1,
        thickness=0.4,
        epochs=60,
    ),
}

PRESET_LINES: dict[str, str] = {
    "thesis-first": "the thesis's first network: sigmoid, quadratic cost",
    "thesis-sigmoid": "the thesis's best with sigmoid: Table 2",
    "thesis-relu": "the thesis's best row: Table 3, unchanged",
    "thesis-relu-tuned": "Table 3 with three times its step, which reads more letters",
    "tiny": "under 9,000 parameters: for a chip",
    "small": "under 30,000 parameters, quick to train: for a first look or a weak device",
    "standard": "the thesis's hidden layers, trained as is done today",
    "best": "the largest and most accurate, slow to train",
}
"""One line on each preset, for every list of them. Pages translate it."""
