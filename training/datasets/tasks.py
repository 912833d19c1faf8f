"""Tasks of data sets."""

from celery import shared_task

from training.datasets.execution import execute, execute_publication
from training.datasets.models import DatasetImport, Publication
from training.jobs.worker import work_loop


@shared_task(name=DatasetImport.TASK)
def import_next() -> None:
    """Do the next import that waits."""
    work_loop.work_next(DatasetImport, execute)


@shared_task(name=Publication.TASK)
def publish_next() -> None:
    """Do the next publication of drawings that waits."""
    work_loop.work_next(Publication, execute_publication)
