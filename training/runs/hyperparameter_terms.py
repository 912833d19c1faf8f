"""What a hyperparameter is called, and which word of the glossary explains it."""

from recognizer.messages import gettext as _
from training.core.hyperparameters import FIELDS

TERM_OF = {
    "ink_specification": "input-preparation",
    "hidden_layers": "hidden-layer",
    "activation": "activation",
    "output": "softmax",
    "initializer": "initial-weights",
    "batch_normalization": "batch-normalisation",
    "cost": "cost",
    "l2": "regularisation",
    "label_smoothing": "label-smoothing",
    "distillation": "distillation",
    "temperature": "distillation",
    "dropout": "dropout",
    "optimizer": "gradient-descent",
    "learning_rate": "learning-rate",
    "momentum": "momentum",
    "weight_decay": "regularisation",
    "batch_size": "mini-batch",
    "epochs": "epoch",
    "early_stopping": "early-stopping",
    "sparsity": "weight-pruning",
    "rotation": "augmentation",
    "shear": "augmentation",
    "scale": "augmentation",
    "shift": "augmentation",
    "elastic": "augmentation",
    "thickness": "augmentation",
    "noise": "augmentation",
    "seed": "seed",
}
"""Key of the term by name; what stands nowhere here is explained by its own help alone."""


def labels() -> dict[str, str]:
    """What each hyperparameter is called, in the active language, by its name in a recipe."""
    return {name: _(field.label) for name, field in FIELDS.items()}
