"""Hyperparameters of the optimizer, the schedule and augmentation, with their descriptions."""

from __future__ import annotations

from dataclasses import dataclass

from training.core.options.fields import described


@dataclass(frozen=True, kw_only=True)
class TrainingOptions:
    """How it is trained."""

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
    sparsity: float = described(
        "number",
        0.0,
        "Pruning",
        "Share of each layer's weights that becomes 0 on the way, the smallest first; 0: none.",
        minimum=0,
        maximum=0.99,
        group="schedule",
        reference="Zhu, Gupta 2017",
    )
    pruning_begin: float = described(
        "number",
        0.2,
        "Pruning begins",
        "After this share of the training.",
        minimum=0,
        maximum=1,
        group="schedule",
    )
    pruning_end: float = described(
        "number",
        0.7,
        "Pruning ends",
        "After this share of the training; the rest of it makes up for what was lost.",
        minimum=0,
        maximum=1,
        group="schedule",
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
        reference="Cireşan et al. 2010",
    )
    scale: float = described(
        "number",
        0.0,
        "Scale",
        "Stretch each axis by up to e to the power of this, or shrink it.",
        minimum=0,
        maximum=1,
        group="augmentation",
        reference="Cireşan et al. 2010",
    )
    shift: float = described(
        "number",
        0.0,
        "Shift",
        "Pixels of 28×28: move by up to this along each axis.",
        minimum=0,
        maximum=8,
        group="augmentation",
        reference="LeCun et al. 1998",
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
        reference="Castro et al. 2019, Morpho-MNIST",
    )
    noise: float = described(
        "number",
        0.0,
        "Noise",
        "Standard deviation of grey noise added to each pixel (ink is 1, paper 0).",
        minimum=0,
        maximum=1,
        group="augmentation",
        reference="Bishop 1995",
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
