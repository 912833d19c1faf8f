"""The study on a terminal: its runs one after the other here, or by workers. Ctrl-C pauses and loses no epoch."""

import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

from training.datasets.models import Dataset
from training.jobs import lifecycle
from training.jobs.models import State
from training.jobs.terminal import POLL_SECONDS, progress_bar
from training.jobs.working import work, worker_name
from training.runs import execution
from training.runs.models import Run
from training.study import running
from training.study.experiments import Experiment
from training.study.models import StudyRun

OnEnd = Callable[[StudyRun], None]


class InterruptedStudyError(Exception):
    """Ctrl-C: what has ended is kept, and the same command goes on."""


def work_here(experiments: Sequence[Experiment], scale: str, dataset: Dataset, on_end: OnEnd) -> None:
    """Train every run that has not ended, one after the other; those that a worker has are waited for.

    Raises:
        InterruptedStudyError: Ctrl-C, or somebody paused a run.

    """
    for experiment in experiments:
        while todo := _open_runs(experiment, scale, dataset):
            for made in todo:
                _see_to_its_end(made)
                on_end(made)
        running.score(experiment, scale, dataset)


def _open_runs(experiment: Experiment, scale: str, dataset: Dataset) -> list[StudyRun]:
    """The runs that have not ended; those of the repeats come once all rows have."""
    made = [running.ensure(need, dataset) for need in running.wanted(experiment, scale, dataset)]
    for each in made:
        each.run.refresh_from_db()
    return [each for each in made if running.is_waiting(each)]


def _see_to_its_end(made: StudyRun) -> None:
    """Train a run here, or wait for the worker that has it; one whose process was killed comes back by the reaper."""
    looked = time.monotonic()
    while running.is_waiting(made):
        run = made.run
        if lifecycle.claim(Run, run.pk, attempt=run.attempt, worker=worker_name()):
            train_here(Run.objects.get(pk=run.pk))
        else:
            time.sleep(POLL_SECONDS)
            if time.monotonic() - looked > settings.JOB_HEARTBEAT_SECONDS:
                looked = time.monotonic()
                lifecycle.reap()
        run.refresh_from_db()
        if run.state in (State.PAUSED, State.CANCELLED):
            raise InterruptedStudyError


def train_here(run: Run) -> None:
    """Train a run that this process holds, with a bar; Ctrl-C pauses it after its last epoch."""
    with progress_bar(f"Run {run.pk}") as show, _paused_by_interrupt(run):
        work(run, execution.execute, on_progress=show)


@contextmanager
def _paused_by_interrupt(run: Run) -> Iterator[None]:
    """Let the first Ctrl-C pause the run, and a second one end the process."""

    def ask() -> None:
        lifecycle.request_pause(run)
        connection.close()

    def pause(_number: int, _frame: object) -> None:
        threading.Thread(target=ask).start()  # a connection of its own: ours may be in the middle of something
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, pause)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def wait_for(experiments: Sequence[Experiment], scale: str, dataset: Dataset, on_end: OnEnd) -> None:
    """Queue every run, and wait until workers have ended them all; Ctrl-C ends the waiting, not the runs."""
    told: set[int] = set()
    while not _have_all_ended(experiments, scale, dataset, told, on_end):
        time.sleep(POLL_SECONDS)
    for experiment in experiments:
        running.score(experiment, scale, dataset)


def _have_all_ended(
    experiments: Sequence[Experiment], scale: str, dataset: Dataset, told: set[int], on_end: OnEnd
) -> bool:
    """Queue what can be named by now, tell of what has ended since, and say whether that is all."""
    needs = list(running.needs(experiments, scale, dataset))
    made = [running.ensure(need, dataset) for need in needs]
    ended = [each for each in made if not running.is_waiting(each)]
    for each in ended:
        if each.pk not in told:
            told.add(each.pk)
            on_end(each)
    return len(ended) == len(made) == len(list(running.needs(experiments, scale, dataset)))
