"""How a worker makes a backup."""

from django.conf import settings

from keeping import services
from keeping.archive.writing import write
from keeping.errors import KeepingError
from keeping.models import Backup
from training.jobs import lifecycle
from training.jobs.models import State
from training.jobs.worker.work_loop import JobFailedError, Lease


def execute(backup: Backup, lease: Lease) -> None:
    """Write the file, name it in the row, and delete the oldest nightly ones.

    Raises:
        JobFailedError: it could not be written; the message says why.
        StoppedError: the lease said to stop.

    """

    def show(share: float, words: str) -> None:
        lease.check()
        lease.progress(share, words)

    settings.BACKUP_FOLDER.mkdir(parents=True, exist_ok=True)
    target = settings.BACKUP_FOLDER / f"propis-{backup.created_at:%Y%m%d-%H%M}-{backup.pk}.zip"
    target.unlink(missing_ok=True)  # of an attempt that was lost just before it could say so
    try:
        write(target, progress=show)
    except KeepingError as error:
        raise JobFailedError(str(error)) from error
    lifecycle.finish(backup, State.SUCCEEDED, file_name=target.name, file_bytes=target.stat().st_size)
    services.forget_old()
