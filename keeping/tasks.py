"""The Celery task of backups: claim the next, make it."""

from celery import shared_task

from keeping import execution
from keeping.models import Backup
from training.jobs.worker.work_loop import work_next


@shared_task(name=Backup.TASK)
def back_up_next() -> None:
    """Make the next backup that is ordered."""
    work_next(Backup, execution.execute)
