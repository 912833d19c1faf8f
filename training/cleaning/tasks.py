"""Tasks of cleaning."""

from celery import shared_task

from training.cleaning.execution import check, make_version
from training.cleaning.models import Cleaning, NewVersion
from training.jobs.worker.work_loop import work_next


@shared_task(name=Cleaning.TASK)
def search_next() -> None:
    """Do the next label check that waits."""
    work_next(Cleaning, check)


@shared_task(name=NewVersion.TASK)
def make_next_version() -> None:
    """Make the next version that waits."""
    work_next(NewVersion, make_version)
