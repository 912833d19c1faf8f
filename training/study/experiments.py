"""Every experiment of the thesis that trains a network, as data: what is fixed, what is varied, what it found.

Values are those of the thesis (2024), chapter 2; `thesis` is its test accuracy in per cent. It gives no numbers of
epochs, nor η and m for `layers` and `l2`, nor m for every row of `relu`: each experiment then keeps what the one before
it found, as the text suggests, and says so in `note`.

§2.9 says that its curves flatten near epoch 200, so ours are 250 epochs long, with ReLU 300; none stops early.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop as _

from training.core.hyperparameters import PRESETS, Hyperparameters

Values = Mapping[str, Any]
TRAINING, TEST = 76_635, 16_500
"""Pictures in the thesis's two files (§2.1)."""
EPOCHS, RELU_EPOCHS = 250, 300


@dataclass(frozen=True)
class ExperimentRow:
    """One configuration of an experiment.

    Attributes:
        values: what is different from the experiment's recipe.
        thesis: accuracy in per cent; None if the thesis gives no figure.
        said: what the thesis says of it in words, or "".
        counted: pictures read right of its 16,500, where it gives their number.

    """

    values: Values
    thesis: float | None = None
    said: str = ""
    counted: int | None = None

    @property
    def label(self) -> str:
        """The varied values in a line."""
        symbols = {"learning_rate": "η", "batch_size": "m", "l2": "λ", "hidden_layers": "layers"}
        return ", ".join(f"{symbols[name]} = {_text(value)}" for name, value in self.values.items())


@dataclass(frozen=True)
class ThesisExperiment:
    """A table or a group of figures of the thesis.

    Attributes:
        name: for the command.
        source: its figures and tables in the thesis.
        recipe: what all its rows share.
        rows: what is varied, in the order of the thesis.
        epochs: of our runs, at full scale.
        note: what the thesis leaves open, and what was chosen here.
        repeats_all: whether every row is trained with three seeds, not the best ones alone.
        decimals: of all accuracies of its table; None where they have as many as they need.
        timed: whether the thesis says how long its rows take.

    """

    name: str
    source: str
    recipe: Hyperparameters
    rows: tuple[ExperimentRow, ...]
    epochs: int
    note: str = ""
    repeats_all: bool = False
    decimals: int | None = None
    timed: bool = False

    def written(self, accuracy: float) -> str:
        """An accuracy of the thesis in per cent, with as many decimals as its table gives."""
        return f"{accuracy:g}" if self.decimals is None else f"{accuracy:.{self.decimals}f}"

    @property
    def thesis_best(self) -> ExperimentRow:
        """The row with the thesis's highest accuracy, the first of equals."""
        return max(self.rows, key=lambda row: row.thesis or 0)

    def hyperparameters(self, row: ExperimentRow, *, epochs: int, seed: int, samples: int) -> Hyperparameters:
        """The whole recipe of a row.

        Args:
            row: one of ours.
            epochs: how long it trains.
            seed: of all its random numbers.
            samples: of the training set. λ counts as λ/n (2.4): ours is the thesis's times `samples` / 76,635.

        """
        shared = dataclasses.replace(self.recipe, epochs=epochs, seed=seed)
        recipe = Hyperparameters.from_mapping(row.values, base=shared)
        return dataclasses.replace(recipe, l2=recipe.l2 * samples / TRAINING)


def _text(value: Any) -> str:
    return "-".join(map(str, value)) if isinstance(value, list) else f"{value:g}"


_FIRST = PRESETS["thesis-first"]
_CROSS_ENTROPY = dataclasses.replace(
    PRESETS["thesis-sigmoid"], hidden_layers=(128, 64), initializer="normal", learning_rate=0.11, l2=0.0
)
_WIDE = dataclasses.replace(_CROSS_ENTROPY, hidden_layers=(256, 128))


def _rates(*pairs: tuple[float, float | None, str]) -> tuple[ExperimentRow, ...]:
    return tuple(ExperimentRow({"learning_rate": rate}, thesis, said) for rate, thesis, said in pairs)


_QUADRATIC_RATES = _rates(
    (3, 70, _("about %s")),
    (4, None, _("does not learn")),
    (2, None, ""),
    (1, None, ""),
    (0.8, 83, _("about %s")),
    (0.4, None, _("below 0.8 it hardly learns")),
)


def _triples(*triples: tuple[int, float, float, float]) -> tuple[ExperimentRow, ...]:
    return tuple(
        ExperimentRow({"batch_size": batch, "learning_rate": rate, "l2": l2}, thesis)
        for batch, rate, l2, thesis in triples
    )


def _pairs(*pairs: tuple[float, float, float]) -> tuple[ExperimentRow, ...]:
    return tuple(ExperimentRow({"learning_rate": rate, "l2": l2}, thesis) for rate, l2, thesis in pairs)


def _counted(correct: int, rows: tuple[ExperimentRow, ...]) -> tuple[ExperimentRow, ...]:
    """The rows, the best of which read so many pictures right."""
    best = max(rows, key=lambda row: row.thesis or 0)
    return tuple(dataclasses.replace(row, counted=correct) if row is best else row for row in rows)


EXPERIMENTS: Mapping[str, ThesisExperiment] = {
    each.name: each
    for each in (
        ThesisExperiment(
            "learning-rate-quadratic",
            _("Figures 10–14, the exact output error"),
            _FIRST,
            _QUADRATIC_RATES,
            EPOCHS,
            note=_("Epochs are not given. The output error is the exact derivative of the cost by softmax outputs."),
            repeats_all=True,
        ),
        ThesisExperiment(
            "learning-rate-elementwise",
            _("Figures 10–14, output error (1.17)"),
            dataclasses.replace(_FIRST, output_error="elementwise"),
            _QUADRATIC_RATES,
            EPOCHS,
            note=_("Epochs are not given. The output error is (1.17) as the thesis gives it, (a − y) ⊙ a(1 − a)."),
            repeats_all=True,
        ),
        ThesisExperiment(
            "learning-rate-cross-entropy",
            _("Figures 16–21"),
            _CROSS_ENTROPY,
            (
                *_rates((0.05, 86.2, ""), (0.075, 86.54, ""), (0.09, None, ""), (0.1, 87.0, "")),
                ExperimentRow({"learning_rate": 0.11}, 87.4, counted=14_413),
                *_rates((0.12, None, _("below 87.0"))),
            ),
            EPOCHS,
            note=_("Epochs are not given."),
        ),
        ThesisExperiment(
            "mini-batch",
            _("Table 1, Figures 22–25"),
            _CROSS_ENTROPY,
            tuple(
                ExperimentRow({"batch_size": batch}, thesis)
                for batch, thesis in ((5, 80.4), (10, 86.0), (15, 87.4), (20, 86.6), (50, 85.2))
            ),
            EPOCHS,
            note=_("Epochs are not given."),
            decimals=1,
        ),
        ThesisExperiment(
            "layers",
            _("Figures 26–29"),
            _CROSS_ENTROPY,
            (
                ExperimentRow({"hidden_layers": [128, 96]}),
                ExperimentRow({"hidden_layers": [192, 128]}),
                ExperimentRow({"hidden_layers": [256, 128]}, 90.1),
                ExperimentRow({"hidden_layers": [256, 128, 64]}, 87.67),
                ExperimentRow({"hidden_layers": [512, 256]}, 90.1, _("a little over %s, in twice the time of 192-128")),
            ),
            EPOCHS,
            timed=True,
            note=_("Epochs are not given, nor η and m: η = 0.11 and m = 15 are kept from the experiments before."),
        ),
        ThesisExperiment(
            "l2",
            _("Figures 30, 31"),
            _WIDE,
            (
                ExperimentRow({"l2": 8.0}, 95.47, _("%s (the better of the two)")),
                ExperimentRow({"l2": 7.6}, 95.47, _("%s (the better of the two)")),
            ),
            EPOCHS,
            note=_(
                "Epochs are not given, nor η and m: η = 0.11 and m = 15 are kept from the experiments before. "
                "The thesis does not say which of the two peaks at 95.47."
            ),
        ),
        ThesisExperiment(
            "initialisation",
            _("Table 2"),
            dataclasses.replace(_WIDE, initializer="scaled-normal"),
            _counted(
                15_829,
                _triples(
                    (8, 0.01, 1.5, 95.740),
                    (10, 0.01, 1.5, 95.820),
                    (15, 0.02, 1.5, 95.900),
                    (15, 0.02, 3.0, 95.890),
                    (15, 0.02, 3.5, 95.935),
                    (15, 0.02, 4.0, 95.870),
                    (15, 0.02, 5.0, 95.900),
                    (15, 0.02, 8.0, 95.650),
                    (15, 0.02, 11.4, 95.300),
                ),
            ),
            EPOCHS,
            note=_("Epochs are not given."),
            decimals=3,
        ),
        ThesisExperiment(
            "relu",
            _("Table 3, Figure 35"),
            dataclasses.replace(PRESETS["thesis-relu"], batch_size=15, early_stopping=0),
            _pairs(
                (0.02, 3.5, 95.820),
                (0.01, 5, 95.900),
                (0.02, 1, 95.000),
                (0.01, 0, 95.400),
                (0.01, 1, 95.380),
                (0.02, 0, 94.820),
                (0.01, 2, 95.666),
                (0.01, 4, 95.575),
                (0.01, 8, 96.200),
                (0.01, 16, 96.340),
                (0.01, 12, 96.260),
                (0.01, 32, 96.100),
                (0.01, 24, 96.260),
                (0.01, 20, 96.545),
                (0.01, 18, 96.224),
                (0.01, 22, 96.164),
                (0.01, 19, 95.940),
            ),
            RELU_EPOCHS,
            note=_("Epochs are not given, nor m for every row: 15 throughout."),
            decimals=3,
        ),
    )
}
