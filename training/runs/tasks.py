"""The Celery tasks of runs and evaluations: claim the next, do it."""

from celery import shared_task

from training.jobs.worker.work_loop import work_next
from training.runs.models import Evaluation, Run
from training.runs.worker import checkpoints, evaluation, execution


@shared_task(name=Run.TASK)
def train_next() -> None:
    """Train the queued runs, one after the other."""
    checkpoints.prune()  # what a killed worker left
    while work_next(Run, execution.execute):
        checkpoints.prune()


@shared_task(name=Evaluation.TASK)
def evaluate_next() -> None:
    """Do the next queued evaluation."""
    work_next(Evaluation, evaluation.execute)
