"""What the tests of the study share: a data set of four letters, and an experiment that trains in no time."""

import pytest

from tests.training.sweeps.conftest import QUICK, dataset
from training.datasets.models import Dataset
from training.study.experiments import ExperimentRow, ThesisExperiment
from training.study.management.commands import study as command

__all__ = ["dataset"]

TINY = ThesisExperiment(
    "tiny",
    "Table 0",
    QUICK,
    (
        ExperimentRow({"learning_rate": 1e-6}, 10.0),
        ExperimentRow({"learning_rate": 0.1}, 99.5, "about %s"),
        ExperimentRow({"l2": 1.0}),
    ),
    epochs=4,
    note="Nothing is given.",
)


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch, dataset: Dataset) -> Dataset:
    """A study of one tiny experiment, on a data set that counts as split already."""
    monkeypatch.setattr(command, "EXPERIMENTS", {"tiny": TINY})
    monkeypatch.setattr(command, "thesis_split", lambda dataset: dataset)
    return dataset
