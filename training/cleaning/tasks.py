"""Tasks of cleaning."""

from celery import shared_task

from training.cleaning.execution import clean, make_version
from training.cleaning.models import Cleaning, NewVersion
from training.jobs.working import work_next


@shared_task(name=Cleaning.TASK)
def search_next() -> None:
    """Do the next search that waits."""
    work_next(Cleaning, clean)


@shared_task(name=NewVersion.TASK)
def make_next_version() -> None:
    """Make the next version that waits."""
    work_next(NewVersion, make_version)
