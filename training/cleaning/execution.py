"""How a worker does one label check, or makes one new version."""

import numpy as np
from numpy.typing import NDArray

from recognizer.messages import gettext as _
from training.cleaning import services
from training.cleaning.decisions import changes
from training.cleaning.detectors.run_all import check_dataset
from training.cleaning.models import Cleaning, NewVersion
from training.datasets.errors import DatasetError, ImportStoppedError
from training.datasets.models import Dataset
from training.datasets.versions.new_version import new_version
from training.jobs.worker.work_loop import JobFailedError, Lease, StoppedError


def check(job: Cleaning, lease: Lease) -> None:
    """Check a data set; findings and success are saved in one transaction.

    Raises:
        JobFailedError: its files are gone.
        StoppedError: the lease said so.

    """
    try:
        result = check_dataset(
            job.dataset, folds=job.folds, seed=job.seed, progress=lease.progress, should_stop=lease.should_stop
        )
    except DatasetError as error:
        raise JobFailedError(str(error)) from error
    services.complete_check(job, result.rows(job), counts=result.counts, accuracy=result.accuracy)


def make_version(job: NewVersion, lease: Lease) -> None:
    """Make a new version of the decisions that hold now; it and the job's success are saved in one transaction.

    Raises:
        JobFailedError: the name is taken, no picture would be left, or files are gone.
        StoppedError: the lease said so.

    """

    def progress(done: int, total: int) -> None:
        lease.progress(done / max(total, 1), _("%(done)d of %(total)d pictures") % {"done": done, "total": total})

    def on_saved(version: Dataset, origin: NDArray[np.int64]) -> None:
        services.complete_version(job, version, origin)

    try:
        new_version(
            job.parent,
            name=job.name,
            changes=changes(job.parent),
            note=job.comment,
            progress=progress,
            should_stop=lease.should_stop,
            on_saved=on_saved,
        )
    except ImportStoppedError as error:
        raise StoppedError from error
    except DatasetError as error:
        raise JobFailedError(str(error)) from error
