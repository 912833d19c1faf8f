"""How a worker does one import, and one publication of drawings."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recognizer.messages import gettext as _
from training.datasets import services
from training.datasets.errors import DatasetError, DrawingsChangedError, ImportStoppedError
from training.datasets.imports import uploads
from training.datasets.imports.pipeline import import_archive
from training.datasets.models import Dataset, DatasetImport, Origin, Publication
from training.datasets.storage import donated
from training.datasets.versions import donated_drawings
from training.datasets.versions.new_version import new_version
from training.jobs import lifecycle
from training.jobs.models import State
from training.jobs.progress import CountProgress
from training.jobs.worker.work_loop import JobFailedError, Lease, StoppedError


def execute(job: DatasetImport, lease: Lease) -> None:
    """Import the job's archive; the data set and the job's success are saved in one transaction.

    Raises:
        JobFailedError: the archive cannot be taken; the message says why.
        StoppedError: the lease said so.

    """
    uploads.forget_old()
    try:
        if job.origin == Origin.DRAWINGS:
            _add_drawings(job, lease)
        else:
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


def execute_publication(job: Publication, lease: Lease) -> None:
    """Publish the drawings that may be published now; where none is left, publish nothing any more.

    Raises:
        JobFailedError: it cannot be done; the message says why.
        StoppedError: the lease said so.

    """
    show = _progress_of(lease)

    def progress(done: int, total: int) -> None:
        lease.check()
        show(done, total)

    if not donated.publishable().exists() and services.stop_publishing():
        lifecycle.finish(job, State.SUCCEEDED, drawings=0)
        return
    published = None
    while published is None:
        try:
            published = donated.publish(progress)
        except DrawingsChangedError:  # withdrawn while it was made: begin anew, for nobody else would
            lease.check()
        except DatasetError as error:
            raise JobFailedError(str(error)) from error
    lifecycle.finish(job, State.SUCCEEDED, drawings=published.drawings, version=published.version)


def _import(job: DatasetImport, path: Path, lease: Lease) -> None:
    def on_saved(dataset: Dataset) -> None:
        services.complete_import(job, dataset)

    import_archive(
        path,
        name=job.name,
        seed=job.seed,
        letters=job.letters,
        choice=job.choice,
        split=job.split,
        progress=_progress_of(lease),
        should_stop=lease.should_stop,
        on_saved=on_saved,
    )


def _add_drawings(job: DatasetImport, lease: Lease) -> None:
    if job.parent is None:
        raise DatasetError(_("The data set to which drawings were to be added has been deleted."))
    chosen = donated_drawings.to_add(job.parent)

    def on_saved(dataset: Dataset, _origin: NDArray[np.int64]) -> None:
        donated_drawings.note_version(chosen, dataset.name)
        services.complete_import(job, dataset)

    new_version(
        job.parent,
        name=job.name,
        additions=donated_drawings.additions(chosen),
        progress=_progress_of(lease),
        should_stop=lease.should_stop,
        on_saved=on_saved,
    )


def _progress_of(lease: Lease) -> CountProgress:
    def progress(done: int, total: int) -> None:
        lease.progress(done / max(total, 1), _("%(done)d of %(total)d pictures") % {"done": done, "total": total})

    return progress


def _forget_upload(job: DatasetImport) -> None:
    if job.origin == Origin.UPLOAD:
        uploads.forget(Path(job.path))
