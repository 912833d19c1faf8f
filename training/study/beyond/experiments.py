"""The experiments beyond the thesis as data: what each asks, what it fixes, what it varies.

All but those of inks see the thesis's own pixels and train its best network, 256-128 with ReLU, from which they change
one thing. Each is trained with one seed.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext_noop as _

from training.core.hyperparameters import PRESETS, Hyperparameters


@dataclass(frozen=True)
class BeyondScale:
    """How much is trained.

    Attributes:
        epochs: of every row.
        per_letter: training pictures of each letter at most; 0: all.

    """

    epochs: int
    per_letter: int


SCALES = {"quick": BeyondScale(3, 60), "reduced": BeyondScale(10, 300), "full": BeyondScale(60, 0)}


@dataclass(frozen=True)
class BeyondRow:
    """One configuration.

    Attributes:
        label: what is different, in words or figures.
        values: hyperparameters that are different.
        wrong_labels: share of the training pictures whose letter is replaced by another one at random.
        per_letter: training pictures of each letter; 0: all of the scale.
        x: where the row stands in a chart of rows; None in a chart of curves.
        group: rows of one line in such a chart.

    """

    label: str
    values: Mapping[str, Any] = field(default_factory=dict)
    wrong_labels: float = 0.0
    per_letter: int = 0
    x: float | None = None
    group: str = ""


@dataclass(frozen=True)
class BeyondExperiment:
    """A question.

    Attributes:
        name: for the command.
        question: for the page.
        text: what is done.
        rows: what is varied.
        recipe: what all rows share.
        x: of its chart: epoch, processor seconds (curves), parameters, share or pictures (one point for each row).

    """

    name: str
    question: str
    text: str
    rows: tuple[BeyondRow, ...]
    recipe: Hyperparameters
    x: str = "epoch"

    def hyperparameters(self, row: BeyondRow, scale: BeyondScale) -> Hyperparameters:
        """The whole recipe of a row."""
        shared = dataclasses.replace(self.recipe, epochs=scale.epochs)
        return Hyperparameters.from_mapping(row.values, base=shared)


_RELU = dataclasses.replace(
    PRESETS["thesis-relu"],
    hidden_layers=(256, 128),
    batch_size=15,
    learning_rate=0.03,
    l2=0.0,
    early_stopping=0,
    seed=1,
)
_ADAM = {"optimizer": "adam", "learning_rate": 0.001}
_STANDARD = dataclasses.replace(PRESETS["standard"], hidden_layers=(128, 64), source_balance=0.0, seed=1)
_MOVES = {"rotation": 6, "shear": 0.15, "scale": 0.08, "shift": 0.9}


def _layers(*shapes: tuple[int, ...]) -> tuple[BeyondRow, ...]:
    """Rows of shapes, in groups by their number of layers; x is the number of weights and biases."""
    rows = []
    for shape in shapes:
        sizes = (784, *shape, 33)
        count = sum((before + 1) * after for before, after in pairwise(sizes))
        label = "-".join(map(str, shape))
        rows.append(BeyondRow(label, {"hidden_layers": shape, **_ADAM}, x=count, group=str(len(shape))))
    return tuple(rows)


_ALL = (
    BeyondExperiment(
        "optimizers",
        _("Do momentum and Adam beat plain steps?"),
        _("The thesis's descent, the same with momentum, and Adam, each with a learning rate that is usual for it."),
        (
            BeyondRow(_("plain steps, η = 0.03")),
            BeyondRow(_("momentum, η = 0.005"), {"optimizer": "momentum", "learning_rate": 0.005}),
            BeyondRow("Adam, η = 0.001", _ADAM),
        ),
        _RELU,
    ),
    BeyondExperiment(
        "augmentation",
        _("What if every letter is a little different each time?"),
        _("Letters are turned, slanted, scaled and shifted, or bent like rubber, differently in every epoch."),
        (
            BeyondRow(_("none")),
            BeyondRow(_("moved"), _MOVES),
            BeyondRow(_("bent"), {"elastic": 0.9}),
            BeyondRow(_("moved and bent"), {**_MOVES, "elastic": 0.9}),
        ),
        _RELU,
    ),
    BeyondExperiment(
        "batch-size",
        _("Are large mini-batches really faster, or just done sooner?"),
        _("η grows with the root of m. The curves run over seconds of processor time, not over epochs."),
        tuple(
            BeyondRow(f"m = {m}", {"batch_size": m, "learning_rate": round(0.03 * (m / 15) ** 0.5, 4)})
            for m in (5, 15, 60, 240)
        ),
        _RELU,
        x="seconds",
    ),
    BeyondExperiment(
        "width-depth",
        _("Wide or deep?"),
        _("Networks of one, two and three hidden layers, by their number of weights; all with Adam."),
        _layers((32,), (128,), (512,), (32, 32), (128, 64), (256, 128), (64, 64, 64), (256, 128, 64)),
        _RELU,
        x="parameters",
    ),
    BeyondExperiment(
        "label-noise",
        _("How many wrong labels does it forgive?"),
        _("A share of the training pictures is given a wrong letter; what is scored is right."),
        tuple(BeyondRow(f"{share:.0%}", wrong_labels=share, x=share) for share in (0.0, 0.05, 0.1, 0.2, 0.4)),
        dataclasses.replace(_RELU, learning_rate=0.01),
        x="share",
    ),
    BeyondExperiment(
        "pictures-per-letter",
        _("How many pictures of each letter are needed?"),
        _("The network and the recipe are the same, with fewer pictures to learn from."),
        tuple(BeyondRow(f"n = {count}", per_letter=count, x=count) for count in (25, 50, 100, 200, 300, 600, 1200)),
        _RELU,
        x="pictures",
    ),
    BeyondExperiment(
        "inks",
        _("Pixels or directions?"),
        _("One recipe of today, with the thesis's pixels, two kinds of normalised ink, and directions of strokes."),
        tuple(
            BeyondRow(ink, {"ink_specification": ink}) for ink in ("raw-28", "moments-1", "moments-2", "directions-1")
        ),
        _STANDARD,
    ),
)
BEYOND: Mapping[str, BeyondExperiment] = {each.name: each for each in _ALL}


def rows_of(experiment: BeyondExperiment, scale: BeyondScale) -> list[BeyondRow]:
    """Its rows at a scale; those that need more pictures than it has are left out."""
    return [row for row in experiment.rows if not scale.per_letter or row.per_letter <= scale.per_letter]
