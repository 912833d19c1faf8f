"""The tasks of runs and evaluations: claim the next, do it."""

from celery import shared_task

from training.jobs.working import work_all, work_next
from training.runs import checkpoints, evaluating, execution
from training.runs.models import Evaluation, Run


@shared_task(name=Run.TASK)
def train_next() -> None:
    """Train the runs that wait, one after the other."""
    checkpoints.prune()  # what a killed worker left
    for _run in work_all(Run, execution.execute):
        checkpoints.prune()


@shared_task(name=Evaluation.TASK)
def evaluate_next() -> None:
    """Score the next model that waits for it."""
    work_next(Evaluation, evaluating.execute)
