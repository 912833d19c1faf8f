"""Tasks of data sets."""

from celery import shared_task

from training.datasets.execution import execute
from training.datasets.models import DatasetImport
from training.jobs.worker import work_loop


@shared_task(name=DatasetImport.TASK)
def import_next() -> None:
    """Do the next import that waits."""
    work_loop.work_next(DatasetImport, execute)
