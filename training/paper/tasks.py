"""The Celery task of readings: claim the next, do it."""

from celery import shared_task

from training.jobs.worker.work_loop import work_next
from training.paper.execution import execute
from training.paper.models import PaperReading


@shared_task(name=PaperReading.TASK)
def read_next() -> None:
    """Do the next reading that waits."""
    work_next(PaperReading, execute)
