"""Which readers are trained, as data: rows of peers, and of ours with as many epochs."""

import dataclasses
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.accuracy.plan import TableRow
from training.core.hyperparameters import AUGMENTATIONS, Hyperparameters

EPOCHS = 10
SAME: Mapping[str, Any] = {
    "source_balance": 0.3,
    "rotation": 6,
    "shear": 0.15,
    "scale": 0.08,
    "shift": 0.9,
    "elastic": 0.5,
    "thickness": 0,
    "epochs": EPOCHS,
}
"""What all rows of `EPOCHS` epochs have in common: the shares of the archives and the augmentation."""

RECIPE = Hyperparameters.from_mapping(
    {
        **SAME,
        "ink_specification": "moments-2",
        "label_smoothing": 0.05,
        "optimizer": "adamw",
        "learning_rate": 0.002,
        "weight_decay": 0.05,
        "ema": 0.999,
        "batch_size": 128,
        "schedule": "cosine",
        "warmup_steps": 300,
    }
)
"""Of a convolutional network: hidden layers are those behind its convolutions."""
OF_DIRECTIONS = dataclasses.replace(RECIPE, ink_specification="directions-1", hidden_layers=(256, 128))
"""What scikit-learn is given: it has its own defaults for all but letters, layers, mini-batches and epochs."""
OF_10_000 = Hyperparameters.from_mapping(
    {"epochs": 1, "epoch_samples": 10_000, **dict.fromkeys(AUGMENTATIONS, 0)}, base=OF_DIRECTIONS
)
"""What a support-vector machine is given: letters as they are, since it sees each only once."""


@dataclass(frozen=True)
class PeerRow:
    """A reader that is not ours.

    Attributes:
        name: of the row.
        kind: which program trains it, a key of `learning.KINDS`.
        recipe: ink specification, augmentation, hidden layers and, as far as the kind knows of it, the rest.
        seeds: one training for each.
        channels: outputs of each convolution.

    """

    name: str
    kind: str
    recipe: Hyperparameters
    seeds: Sequence[int]
    channels: Sequence[int] = ()


def _convolutional(name: str, channels: Sequence[int], neurons: int, seeds: Sequence[int]) -> PeerRow:
    return PeerRow(name, "convolutional", dataclasses.replace(RECIPE, hidden_layers=(neurons,)), seeds, channels)


def folded_parameters(channels: Sequence[int], neurons: int, classes: int) -> int:
    """Weights and biases of a convolutional network as a file would have them: batch normalisation folded into them."""
    convolutions = sum(9 * below * above + above for below, above in itertools.pairwise((1, *channels)))
    return convolutions + 9 * channels[-1] * neurons + neurons + neurons * classes + classes


PEERS = (
    _convolutional("convolutional-small", (24, 24, 48, 48, 96), 128, seeds=(1, 2, 3)),
    _convolutional("convolutional-large", (48, 48, 96, 96, 192), 592, seeds=(1,)),
    PeerRow("scikit-learn-network", "mlp", OF_DIRECTIONS, seeds=(1, 2, 3)),
    PeerRow("support-vectors", "svm", OF_10_000, seeds=(1,)),
)
OURS = tuple(TableRow(f"{preset}-{EPOCHS}-epochs", preset, SAME) for preset in ("standard", "best"))
