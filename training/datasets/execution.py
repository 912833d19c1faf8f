"""How a worker does one import."""

from pathlib import Path

from django.utils.translation import gettext as _

from training.datasets import uploads
from training.datasets.errors import DatasetError, ImportStoppedError
from training.datasets.importing import import_archive
from training.datasets.models import Dataset, DatasetImport, Origin
from training.jobs import lifecycle
from training.jobs.models import State
from training.jobs.working import JobFailedError, Lease, StoppedError


def execute(job: DatasetImport, lease: Lease) -> None:
    """Import the job's archive; the data set and the job's success are saved in one transaction.

    Raises:
        JobFailedError: the archive cannot be taken; the message says why.
        StoppedError: the lease said so.

    """
    uploads.forget_old()
    try:
        with uploads.archive_of(job, lease.should_stop) as path:
            _import(job, path, lease)
    except ImportStoppedError as error:
        if lease.cancelled:
            _forget_upload(job)
        raise StoppedError from error
    except DatasetError as error:
        _forget_upload(job)
        raise JobFailedError(str(error)) from error
    _forget_upload(job)


def _import(job: DatasetImport, path: Path, lease: Lease) -> None:
    def progress(done: int, total: int) -> None:
        lease.progress(done / total, _("%(done)d of %(total)d pictures") % {"done": done, "total": total})

    def on_saved(dataset: Dataset) -> None:
        lifecycle.finish(job, State.SUCCEEDED, dataset=dataset)

    import_archive(
        path, name=job.name, seed=job.seed, progress=progress, should_stop=lease.should_stop, on_saved=on_saved
    )


def _forget_upload(job: DatasetImport) -> None:
    if job.origin == Origin.UPLOAD:
        uploads.forget(Path(job.path))
