"""What is trained: the rows of both tables, as data."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.harness import BenchmarkRunError
from training.core.hyperparameters import PRESETS, Hyperparameters

PAPER, SCREEN, PAPER_42, MADE = "cmnist", "comnist", "cmnist-42", "synthetic"


@dataclass(frozen=True)
class Material:
    """A data set that is trained on or read.

    Attributes:
        label: what a table calls it.
        archive: its publisher's file; empty for synthetic letters.
        options: for the command that imports or makes it.

    """

    label: str
    archive: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)


DATASETS: Mapping[str, Material] = {
    PAPER: Material("Cyrillic-MNIST", "cmnist.zip"),
    SCREEN: Material("CoMNIST", "comnist-cyrillic.zip"),
    PAPER_42: Material("Cyrillic-MNIST, 42 letters", "cmnist.zip", {"letters": "all", "again": True}),
    MADE: Material("synthetic", options={"per_letter": 1000, "seed": 7}),
}
"""By their names in the state folder."""
BOTH = (PAPER, SCREEN)
SHIPPED = (*BOTH, MADE)
"""What the shipped models are trained on, but for `small`, which reads better without letters made by us."""


@dataclass(frozen=True)
class TableRow:
    """A row of a table: one recipe, trained with several seeds.

    Attributes:
        name: of the row.
        preset: the recipe that it starts from.
        changes: hyperparameters that differ from the preset's.
        datasets: what it is trained on, in this order.
        reads: what it is read on.
        teachers: rows of either table whose networks of the first seed teach this one.
        must, aim: test accuracy in percent by data set, where one was set.
        like: another row, than which the test accuracy may be `LIKE_POINTS` worse at most.

    """

    name: str
    preset: str
    changes: Mapping[str, object] = field(default_factory=dict)
    datasets: Sequence[str] = BOTH
    reads: Sequence[str] = BOTH
    teachers: Sequence[str] = ()
    must: Mapping[str, float] = field(default_factory=dict)
    aim: Mapping[str, float] = field(default_factory=dict)
    like: str = ""


LIKE_POINTS = 0.1


def _goals(paper: float, screen: float) -> dict[str, float]:
    return {PAPER: paper, SCREEN: screen}


TABLE = (
    TableRow("thesis-first", "thesis-first", datasets=(PAPER,)),
    TableRow("thesis-sigmoid", "thesis-sigmoid", datasets=(PAPER,)),
    TableRow("thesis-relu", "thesis-relu", datasets=(PAPER,)),
    TableRow("thesis-relu-tuned", "thesis-relu-tuned", datasets=(PAPER,), must={PAPER: 95.8}, aim={PAPER: 96.5}),
    TableRow("tiny", "tiny", datasets=SHIPPED, must=_goals(96.5, 95.0), aim=_goals(97.2, 96.0)),
    TableRow("small", "small", must=_goals(97.6, 96.9), aim=_goals(98.0, 97.5)),
    TableRow(
        "standard", "standard", datasets=SHIPPED, must=_goals(98.4, 98.0), aim=_goals(98.7, 98.4), like="standard-real"
    ),
    TableRow("best", "best", datasets=SHIPPED, must=_goals(98.7, 98.3), aim=_goals(99.0, 98.7)),
    TableRow("standard-real", "standard"),
    TableRow("standard-alone", "standard", datasets=(PAPER,), must=_goals(98.4, 89), aim=_goals(98.6, 92)),
    TableRow("best-42", "best", datasets=(PAPER_42,), reads=(PAPER_42,), must={PAPER_42: 98.7}, aim={PAPER_42: 98.9}),
    TableRow("synthetic-alone", "standard", datasets=(MADE,), must={SCREEN: 91}, aim={SCREEN: 94}),
)

_WARPS = ("rotation", "shear", "scale", "shift", "elastic", "thickness", "noise")
ABLATION = (
    TableRow("standard", "standard"),
    TableRow("ink moments-1", "standard", {"ink_specification": "moments-1"}),
    TableRow("ink raw-28", "standard", {"ink_specification": "raw-28"}),
    TableRow("no batch normalisation", "standard", {"batch_normalization": False}),
    TableRow("no label smoothing", "standard", {"label_smoothing": 0}),
    TableRow("no weight averaging", "standard", {"ema": 0}),
    TableRow("no weight decay", "standard", {"weight_decay": 0}),
    # SGD's steps are longer: decay × learning rate stays what it was.
    TableRow("sgd", "standard", {"optimizer": "sgd", "learning_rate": 0.1, "weight_decay": 0.002}),
    TableRow("constant learning rate", "standard", {"schedule": "constant"}),
    TableRow("no augmentation", "standard", dict.fromkeys(_WARPS, 0)),
    TableRow("no elastic distortion", "standard", {"elastic": 0}),
    TableRow("no rotation, shear, scale, shift", "standard", dict.fromkeys(_WARPS[:4], 0)),
    TableRow("data sets by their size", "standard", {"source_balance": 1}),
    TableRow("twice as wide", "standard", {"hidden_layers": (512, 256)}),
    TableRow("a teacher, twice as wide", "standard", {"distillation": 0.5}, teachers=("twice as wide",)),
)


@dataclass(frozen=True)
class PlannedTraining:
    """One training: a row with a seed.

    Attributes:
        row: what is trained.
        recipe: all hyperparameters.
        scores_test: whether the test parts are read; validation alone says what a part is worth.

    """

    row: TableRow
    recipe: Hyperparameters
    scores_test: bool

    @property
    def key(self) -> str:
        """Its name in the file system and in the database; another recipe has another."""
        what: dict[str, Any] = {
            "recipe": self.recipe.as_dict(),
            "datasets": list(self.row.datasets),
            "reads": list(self.row.reads),
            "teachers": list(self.row.teachers),
            "scores_test": self.scores_test,
        }
        digest = hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()[:10]
        return f"{self.row.name.replace(', ', ' ').replace(' ', '-')}-{self.recipe.seed}-{digest}"


class PlanError(BenchmarkRunError):
    """A plan that names a row that does not exist."""


def planned_trainings(
    rows: Sequence[TableRow], seeds: Sequence[int], *, epochs: int | None, test: bool
) -> list[PlannedTraining]:
    """Every row with every seed, all rows with the first seed before any with the second."""
    return [_planned_training(row, seed, epochs=epochs, test=test) for seed in seeds for row in rows]


def _planned_training(row: TableRow, seed: int, *, epochs: int | None, test: bool) -> PlannedTraining:
    changes = {**row.changes, "seed": seed} | ({} if epochs is None else {"epochs": epochs})
    return PlannedTraining(row, Hyperparameters.from_mapping(changes, base=PRESETS[row.preset]), test)


def teachers(training: PlannedTraining, *, epochs: int | None, seed: int) -> Iterator[PlannedTraining]:
    """What has to be trained before a training: the networks that teach it."""
    presets, parts = ({row.name: row for row in rows} for rows in (TABLE, ABLATION))
    for name in training.row.teachers:
        yield _planned_training({**parts, **presets}[name], seed, epochs=epochs, test=True)  # which leaves a model


def chosen(names: Sequence[str]) -> list[TableRow]:
    """Rows of the table of presets by name, in its order; all where none is named.

    Raises:
        PlanError: there is no such row.

    """
    known = {row.name: row for row in TABLE}
    if unknown := [name for name in names if name not in known]:
        raise PlanError(f"There is no row {', '.join(unknown)}; there are: {', '.join(known)}.")
    return [row for name, row in known.items() if name in names or not names]
