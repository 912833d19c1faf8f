"""What a run reads: the samples of its data sets, each loaded once."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _

from recognizer.core.ink import InkError
from training.core.samples import Samples
from training.datasets import files
from training.datasets.errors import DatasetError
from training.datasets.models import Dataset
from training.datasets.splitting import Split
from training.jobs.working import JobFailedError
from training.runs.models import Run, RunDataset


@dataclass(frozen=True)
class Source:
    """A data set of a run and its samples."""

    row: RunDataset
    dataset: Dataset
    training: Samples
    validation: Samples


def load(run: Run, check: Callable[[], None]) -> list[Source]:
    """Load what a run trains and validates on, in its order; `check` is called between files and may raise.

    Raises:
        JobFailedError: a data set is gone, or is no longer what the run was made for.

    """
    return [_source(row, run.recipe.ink_specification, check) for row in run.sources.select_related("dataset")]


def _source(row: RunDataset, ink_specification: str, check: Callable[[], None]) -> Source:
    dataset = row.dataset
    if dataset is None:
        raise JobFailedError(_("Data set “%(name)s” was deleted.") % {"name": row.name})
    if dataset.content_sha256 != row.content_sha256:
        raise JobFailedError(_("Data set “%(name)s” has changed since the run was made.") % {"name": row.name})
    parts = []
    for split in (Split.TRAIN, Split.VALIDATION):
        check()
        parts.append(load_split(dataset, split, ink_specification))
    return Source(row, dataset, *parts)


def load_split(dataset: Dataset, split: Split, ink_specification: str) -> Samples:
    """Load one part of a data set.

    Raises:
        JobFailedError: its files are gone, or nobody knows the ink specification.

    """
    try:
        return files.load(dataset, split, ink_specification)
    except (DatasetError, InkError) as error:
        raise JobFailedError(str(error)) from error


def judged(sources: list[Source]) -> list[Source]:
    """Those whose pictures the run's own figures count: the others teach, and have figures of their own."""
    return [source for source in sources if source.row.is_judged]


def joined(parts: list[Samples]) -> Samples:
    """All samples as one."""
    if len(parts) == 1:
        return parts[0]
    return Samples(np.concatenate([part.inputs for part in parts]), np.concatenate([part.labels for part in parts]))
