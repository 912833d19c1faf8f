"""All that is chosen before a training: checked values, their descriptions, and named presets."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from recognizer.core.ink import SPECIFICATIONS
from training.core.fields import Field, HyperparameterError, described, descriptions

__all__ = ["FIELDS", "PRESETS", "Field", "HyperparameterError", "Hyperparameters"]


@dataclass(frozen=True, kw_only=True)
class Hyperparameters:
    """The recipe of one training. Every instance has been checked: see `FIELDS` for the bounds.

    Raises:
        HyperparameterError: a value of the wrong kind or out of bounds, or two that contradict.
    """

    ink_specification: str = described(
        "choice",
        "moments-1",
        "Ink specification",
        "How strokes and pictures become the 784 inputs. raw-28 is the thesis's own pixels.",
        choices=tuple(SPECIFICATIONS),
        group="data",
    )
    inverted: bool = described(
        "boolean",
        False,
        "Invert inputs",
        "Feed 1 − x instead of x. It is folded into the first layer, so the network reads either alike.",
        group="data",
    )
    source_weights: tuple[float, ...] = described(
        "numbers",
        (),
        "Data set shares",
        "With several data sets: the share of each among the samples of an epoch, in their order. "
        "Empty: by data set balance.",
        minimum=0,
        maximum=1_000_000,
        group="data",
    )
    source_balance: float = described(
        "number",
        1.0,
        "Data set balance",
        "With several data sets: the share of each goes with its size to the power of this. "
        "1: every sample counts the same; 0: every data set counts the same.",
        minimum=0,
        maximum=1,
        group="data",
        reference="Devlin et al. 2018, multilingual BERT",
    )
    class_weights: str = described(
        "choice",
        "none",
        "Class weights",
        "balanced: a rare letter's samples count more in the cost, in inverse proportion to their number.",
        choices=("none", "balanced"),
        group="data",
        reference="King, Zeng 2001, Logistic Regression in Rare Events Data",
    )
    hidden_layers: tuple[int, ...] = described(
        "integers",
        (256, 128),
        "Hidden layers",
        "Neurons of each hidden layer, first to last, such as 256-128.",
        minimum=1,
        maximum=4096,
        reference="thesis 2.8",
    )
    activation: str = described(
        "choice",
        "relu",
        "Activation",
        "What a hidden neuron does with its weighted sum.",
        choices=("sigmoid", "relu"),
        reference="thesis (1.1), (2.11)",
    )
    output: str = described(
        "choice",
        "softmax",
        "Output",
        "softmax makes the outputs sum to one; sigmoid lets each output stand alone, "
        "which is what (1.25) differentiates.",
        choices=("softmax", "sigmoid"),
        reference="thesis (1.3), (1.1)",
    )
    initializer: str = described(
        "choice",
        "he",
        "Initial weights",
        "normal: N(0, 1) for all; scaled-normal: weights N(0, 1/√n_in), biases N(0, 1); "
        "he and glorot: weights scaled for ReLU and for sigmoid, biases 0.",
        choices=("normal", "scaled-normal", "he", "glorot"),
        reference="thesis 2.10; He et al. 2015; Glorot, Bengio 2010",
    )
    batch_normalization: bool = described(
        "boolean",
        False,
        "Batch normalisation",
        "Normalise each hidden neuron over the mini-batch. It is folded into the weights, "
        "so that what serves is still a plain network.",
        reference="Ioffe, Szegedy 2015",
    )
    cost: str = described(
        "choice",
        "cross-entropy",
        "Cost",
        "cross-entropy is −ln of the right letter's probability; quadratic is (1.4); "
        "binary-cross-entropy is (1.22), summed over the outputs.",
        choices=("cross-entropy", "quadratic", "binary-cross-entropy"),
        group="cost",
        reference="thesis (1.4), (1.22)",
    )
    l2: float = described(
        "number",
        0.0,
        "L2",
        "Adds λ/2n Σw² to the cost, over weights and not biases; n is the number of training samples.",
        minimum=0,
        maximum=10_000,
        group="cost",
        symbol="λ",
        reference="thesis (2.4)",
    )
    label_smoothing: float = described(
        "number",
        0.0,
        "Label smoothing",
        "Moves this share of each target from the right letter to all letters evenly.",
        minimum=0,
        maximum=0.5,
        group="cost",
        reference="Szegedy et al. 2016",
    )
    dropout: float = described(
        "number",
        0.0,
        "Dropout",
        "Share of hidden neurons that are silenced at random in each step.",
        minimum=0,
        maximum=0.9,
        group="cost",
        reference="Srivastava et al. 2014",
    )
    optimizer: str = described(
        "choice",
        "sgd",
        "Optimizer",
        "sgd is the thesis's update (2.9). adamw differs from adam in that L2 shrinks "
        "the weights directly and not through the gradient.",
        choices=("sgd", "momentum", "nesterov", "adam", "adamw"),
        group="optimizer",
        reference="thesis (2.9); Sutskever et al. 2013; Kingma, Ba 2015; Loshchilov, Hutter 2019",
    )
    learning_rate: float = described(
        "number",
        0.1,
        "Learning rate",
        "Length of a step. The highest value that the schedule reaches.",
        minimum=1e-7,
        maximum=100,
        group="optimizer",
        symbol="η",
        reference="thesis (1.14)",
    )
    momentum: float = described(
        "number",
        0.9,
        "Momentum",
        "Share of the last step that is kept, for the optimizers momentum and nesterov.",
        minimum=0,
        maximum=0.999,
        group="optimizer",
        symbol="μ",
        reference="Polyak 1964",
    )
    weight_decay: float = described(
        "number",
        0.0,
        "Weight decay",
        "Each step shrinks the weights by learning rate × this, with any optimizer; biases are left.",
        minimum=0,
        maximum=10,
        group="optimizer",
        reference="Loshchilov, Hutter 2019",
    )
    gradient_clipping: float = described(
        "number",
        0.0,
        "Gradient clipping",
        "Longest gradient allowed (Euclidean norm over all parameters); 0: any.",
        minimum=0,
        maximum=1e6,
        group="optimizer",
        reference="Pascanu et al. 2013",
    )
    ema: float = described(
        "number",
        0.0,
        "Weight averaging",
        "Serve an average of the weights over time: share of it kept at each step, such as 0.999; 0: off.",
        minimum=0,
        maximum=0.99999,
        group="optimizer",
        reference="Polyak, Juditsky 1992",
    )
    batch_size: int = described(
        "integer",
        128,
        "Mini-batch",
        "Samples of one step. As many as there are training samples: full gradient descent.",
        minimum=1,
        maximum=1_000_000,
        group="optimizer",
        symbol="m",
        reference="thesis (1.12)",
    )
    epochs: int = described(
        "integer",
        30,
        "Epochs",
        "Passes over the training samples.",
        minimum=1,
        maximum=10_000,
        group="schedule",
    )
    schedule: str = described(
        "choice",
        "constant",
        "Schedule",
        "How the learning rate changes: constant, divided every few epochs (step), "
        "half a cosine down to 0, or divided when validation stops improving (plateau).",
        choices=("constant", "step", "cosine", "plateau"),
        group="schedule",
        reference="Loshchilov, Hutter 2017",
    )
    warmup_steps: int = described(
        "integer",
        0,
        "Warm-up",
        "Steps over which the learning rate climbs from 0.",
        minimum=0,
        maximum=1_000_000,
        group="schedule",
        reference="Goyal et al. 2017",
    )
    step_epochs: int = described(
        "integer",
        10,
        "Step length",
        "Schedule step: epochs between two cuts. Schedule plateau: epochs to wait for an improvement.",
        minimum=1,
        maximum=10_000,
        group="schedule",
    )
    step_factor: float = described(
        "number",
        0.5,
        "Step factor",
        "What the learning rate is multiplied by at a cut, for the schedules step and plateau.",
        minimum=0.001,
        maximum=1,
        group="schedule",
    )
    early_stopping: int = described(
        "integer",
        0,
        "Early stopping",
        "Stop after this many epochs without a better validation accuracy, and serve the best one; 0: off.",
        minimum=0,
        maximum=10_000,
        group="schedule",
        reference="Prechelt 1998",
    )
    rotation: float = described(
        "number",
        0.0,
        "Rotation",
        "Degrees: each picture is turned by up to this, either way.",
        minimum=0,
        maximum=45,
        group="augmentation",
        reference="Simard et al. 2003",
    )
    shear: float = described(
        "number",
        0.0,
        "Shear",
        "Slant by up to this (0.15: the top moves 15 % of the height), either way.",
        minimum=0,
        maximum=1,
        group="augmentation",
    )
    scale: float = described(
        "number",
        0.0,
        "Scale",
        "Stretch each axis by up to e to the power of this, or shrink it.",
        minimum=0,
        maximum=1,
        group="augmentation",
    )
    shift: float = described(
        "number",
        0.0,
        "Shift",
        "Pixels of 28×28: move by up to this along each axis.",
        minimum=0,
        maximum=8,
        group="augmentation",
    )
    elastic: float = described(
        "number",
        0.0,
        "Elastic",
        "Pixels of 28×28: standard deviation of a smooth random distortion (5×5 grid).",
        minimum=0,
        maximum=4,
        group="augmentation",
        reference="Simard et al. 2003",
    )
    thickness: float = described(
        "number",
        0.0,
        "Stroke thickness",
        "Blend with the picture thickened or thinned by one pixel, by up to this share.",
        minimum=0,
        maximum=1,
        group="augmentation",
    )
    noise: float = described(
        "number",
        0.0,
        "Noise",
        "Standard deviation of grey noise added to each pixel (ink is 1, paper 0).",
        minimum=0,
        maximum=1,
        group="augmentation",
    )
    seed: int = described(
        "integer",
        1,
        "Seed",
        "The same seed gives the same bits on the same machine.",
        minimum=0,
        maximum=2**32 - 1,
        group="run",
    )

    def __post_init__(self) -> None:
        for name, field in FIELDS.items():
            object.__setattr__(self, name, field.parse(getattr(self, name)))
        if self.cost == "cross-entropy" and self.output != "softmax":
            raise HyperparameterError(
                "output", "cross-entropy needs softmax; with sigmoid choose binary-cross-entropy."
            )
        if self.batch_normalization and self.batch_size < 2:
            raise HyperparameterError("batch_size", "batch normalisation needs mini-batches of 2 samples or more.")
        if self.source_weights and not sum(self.source_weights) > 0:
            raise HyperparameterError("source_weights", "at least one share must be above 0.")

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, object], *, base: Hyperparameters | None = None) -> Hyperparameters:
        """The recipe with these values, texts or typed, and the rest from `base` or the defaults.

        Raises:
            HyperparameterError: an unknown name, or a value that cannot be used.
        """
        for name in mapping:
            if name not in FIELDS:
                raise HyperparameterError(str(name), f"no such hyperparameter.{_suggestion(str(name))}")
        parsed = {name: FIELDS[name].parse(value) for name, value in mapping.items()}
        values: dict[str, Any] = {**(base.as_dict() if base else {}), **parsed}
        return cls(**values)

    def as_dict(self) -> dict[str, Any]:
        """Every value by name, ready for JSON (tuples as lists); `from_mapping` reads it back."""
        values = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}

    @property
    def augments(self) -> bool:
        """Whether any augmentation is on."""
        return any(getattr(self, name) > 0 for name in AUGMENTATIONS)


def _suggestion(name: str) -> str:
    close = difflib.get_close_matches(name, FIELDS, n=1)
    return f" Did you mean {close[0]}?" if close else ""


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

_STANDARD = Hyperparameters(
    hidden_layers=(256, 128),
    initializer="he",
    batch_normalization=True,
    label_smoothing=0.05,
    optimizer="adamw",
    learning_rate=0.002,
    weight_decay=0.02,
    ema=0.999,
    batch_size=352,
    epochs=90,
    schedule="cosine",
    warmup_steps=300,
    source_balance=0.5,
    rotation=3,
    shear=0.08,
    scale=0.04,
    shift=0.5,
    elastic=0.3,
    thickness=0.2,
)

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
    "thesis-relu": dataclasses.replace(_THESIS, activation="relu", learning_rate=0.01, l2=20.0),
    "small": dataclasses.replace(_STANDARD, hidden_layers=(128, 64)),
    "standard": _STANDARD,
    "best": dataclasses.replace(
        _STANDARD,
        hidden_layers=(1024, 512),
        dropout=0.1,
        rotation=6,
        shear=0.15,
        scale=0.08,
        shift=0.9,
        elastic=0.5,
        thickness=0.4,
    ),
}
