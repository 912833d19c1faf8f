"""How a worker does one search, or makes one new version."""

import numpy as np
from django.db import transaction
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from training.cleaning.decisions import carry_over, changes
from training.cleaning.models import Cleaning, Finding, NewVersion
from training.cleaning.searching import search
from training.datasets.errors import DatasetError, ImportStoppedError
from training.datasets.models import Dataset
from training.datasets.versions import new_version
from training.jobs import lifecycle
from training.jobs.models import State
from training.jobs.working import JobFailedError, Lease, StoppedError


def clean(job: Cleaning, lease: Lease) -> None:
    """Search a data set; findings and success are saved in one transaction.

    Raises:
        JobFailedError: its files are gone.
        StoppedError: the lease said so.

    """
    try:
        result = search(
            job.dataset, folds=job.folds, seed=job.seed, progress=lease.progress, should_stop=lease.should_stop
        )
    except DatasetError as error:
        raise JobFailedError(str(error)) from error
    with transaction.atomic():
        Finding.objects.bulk_create(result.rows(job), batch_size=1000)
        lifecycle.finish(job, State.SUCCEEDED, counts=result.counts, accuracy=result.accuracy)


def make_version(job: NewVersion, lease: Lease) -> None:
    """Make a new version of the decisions that hold now; it and the job's success are saved in one transaction.

    Raises:
        JobFailedError: the name is taken, nothing would be left, or files are gone.
        StoppedError: the lease said so.

    """

    def progress(done: int, total: int) -> None:
        lease.progress(done / max(total, 1), _("%(done)d of %(total)d pictures") % {"done": done, "total": total})

    def on_saved(version: Dataset, origin: NDArray[np.int64]) -> None:
        carry_over(job.parent, version, origin)
        lifecycle.finish(job, State.SUCCEEDED, dataset=version)

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
