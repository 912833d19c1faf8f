"""The samples of a run's data sets, each loaded once."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from recognizer.core.ink import InkError, specification
from training.core.samples import Samples
from training.datasets.content.splitting import Split
from training.datasets.errors import DatasetError
from training.datasets.models import Dataset
from training.datasets.storage import input_files
from training.jobs.models import CannotStartError
from training.jobs.worker.work_loop import JobFailedError
from training.runs.models import Run, RunDataset


@dataclass(frozen=True)
class LoadedSource:
    """A data set of a run, with its row, pictures to train on and inputs to validate with."""

    row: RunDataset
    dataset: Dataset
    training: Samples
    validation: Samples


def load(run: Run, check: Callable[[], None]) -> list[LoadedSource]:
    """Load what a run trains and validates on, in its order; `check` is called between files and may raise.

    Raises:
        JobFailedError: a data set is gone, or has changed since the run was created.

    """
    return [_source(row, run.recipe.ink_specification, check) for row in run.sources.select_related("dataset")]


def _source(row: RunDataset, ink_specification: str, check: Callable[[], None]) -> LoadedSource:
    try:
        dataset = row.found()
    except CannotStartError as error:
        raise JobFailedError(str(error)) from error
    loaded = []
    pictures = specification(ink_specification).pictures.name
    for split, name in ((Split.TRAIN, pictures), (Split.VALIDATION, ink_specification)):
        check()
        loaded.append(load_split(dataset, split, name))
    return LoadedSource(row, dataset, *loaded)


def load_split(dataset: Dataset, split: Split, ink_specification: str) -> Samples:
    """Load one split of a data set.

    Raises:
        JobFailedError: its files are gone, or its ink specification is unknown.

    """
    try:
        return input_files.load(dataset, split, ink_specification)
    except (DatasetError, InkError) as error:
        raise JobFailedError(str(error)) from error


def counted_in_metrics(sources: list[LoadedSource]) -> list[LoadedSource]:
    """The data sets whose pictures count in the run's own figures; the others are only trained on and scored apart."""
    return [source for source in sources if source.row.counts_in_metrics]


def joined(many: list[Samples]) -> Samples:
    """Concatenate samples, in their order."""
    if len(many) == 1:
        return many[0]
    return Samples(np.concatenate([each.inputs for each in many]), np.concatenate([each.labels for each in many]))
