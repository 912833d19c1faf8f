"""The study on a terminal: its runs in this process or by workers. Ctrl-C pauses and loses no epoch."""

import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from django.conf import settings
from django.db import connection

from training.datasets.models import Dataset
from training.jobs import lifecycle
from training.jobs.models import State
from training.jobs.terminal import POLL_SECONDS, patiently, progress_bar
from training.jobs.worker.work_loop import work, worker_name
from training.runs.models import Run
from training.runs.worker import execution
from training.study import services
from training.study.experiments import ThesisExperiment
from training.study.models import StudyRun
from training.study.services import NeededRun

OnEnd = Callable[[NeededRun, StudyRun], None]
Pairs = list[tuple[NeededRun, StudyRun]]


class InterruptedStudyError(Exception):
    """Ctrl-C: finished runs are kept, and the same command goes on."""


def work_here(experiments: Sequence[ThesisExperiment], scale: str, dataset: Dataset, on_end: OnEnd) -> None:
    """Train every run that has not ended, one after the other; wait for those that a worker has claimed.

    Raises:
        InterruptedStudyError: Ctrl-C, or somebody paused a run.

    """
    for experiment in experiments:
        while todo := patiently(partial(_open_runs, experiment, scale, dataset)):
            for need, made in todo:
                _finish(made)
                patiently(partial(on_end, need, made))
        patiently(partial(services.score_best, experiment, scale, dataset))


def _open_runs(experiment: ThesisExperiment, scale: str, dataset: Dataset) -> Pairs:
    """The runs that have not ended; the repeats follow once all rows have."""
    pairs = services.ensure_runs(services.needed_runs(experiment, scale, dataset), dataset)
    for _need, made in pairs:
        made.run.refresh_from_db()
    return [(need, made) for need, made in pairs if services.is_waiting(made)]


def _finish(made: StudyRun) -> None:
    """Train a run here, or wait for the worker that has it; the reaper gives back the run of a lost worker."""
    looked = time.monotonic()
    while services.is_waiting(made):
        run = made.run
        if patiently(partial(lifecycle.claim, Run, run.pk, attempt=run.attempt, worker=worker_name())):
            train_here(patiently(partial(Run.objects.get, pk=run.pk)))
        else:
            time.sleep(POLL_SECONDS)
            if time.monotonic() - looked > settings.JOB_HEARTBEAT_SECONDS:
                looked = time.monotonic()
                patiently(lifecycle.reap)
        patiently(run.refresh_from_db)
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


def wait_for(experiments: Sequence[ThesisExperiment], scale: str, dataset: Dataset, on_end: OnEnd) -> None:
    """Queue every run and wait until workers have ended them all; Ctrl-C ends the wait, not the runs."""
    reported: set[int] = set()
    while not patiently(partial(_have_all_ended, experiments, scale, dataset, reported, on_end)):
        time.sleep(POLL_SECONDS)
    for experiment in experiments:
        patiently(partial(services.score_best, experiment, scale, dataset))


def _have_all_ended(
    experiments: Sequence[ThesisExperiment], scale: str, dataset: Dataset, reported: set[int], on_end: OnEnd
) -> bool:
    """Queue the runs known to be needed, report those that have ended since, and say whether none is left."""
    pairs = services.ensure_runs(_needed(experiments, scale, dataset), dataset)
    ended = [(need, made) for need, made in pairs if not services.is_waiting(made)]
    for need, made in ended:
        if made.pk not in reported:
            on_end(need, made)
            reported.add(made.pk)
    return len(ended) == len(pairs) == len(_needed(experiments, scale, dataset))


def _needed(experiments: Sequence[ThesisExperiment], scale: str, dataset: Dataset) -> list[NeededRun]:
    """The runs of several experiments as far as they are known."""
    return [need for each in experiments for need in services.needed_runs(each, scale, dataset)]
