"""The study on a terminal: its runs in this process or by workers. Ctrl-C pauses and loses no epoch."""

import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
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
from training.study.services import KnownRuns, NeededRun

OnEnd = Callable[[NeededRun, StudyRun], None]
Pairs = list[tuple[NeededRun, StudyRun]]


class InterruptedStudyError(Exception):
    """Ctrl-C: finished runs are kept, and the same command goes on."""


@dataclass(frozen=True)
class StudyPlan:
    """What is to be trained.

    Attributes:
        experiments, scale, dataset: of the study.
        known: runs that need not be trained here, by experiment.

    """

    experiments: Sequence[ThesisExperiment]
    scale: str
    dataset: Dataset
    known: Mapping[str, KnownRuns]

    def needed(self, experiment: ThesisExperiment) -> list[NeededRun]:
        """The runs of an experiment as far as they are known."""
        return services.needed_runs(experiment, self.scale, self.dataset, self.known.get(experiment.name))

    def score_best(self, experiment: ThesisExperiment) -> None:
        """Score its best row."""
        services.score_best(experiment, self.scale, self.dataset, self.known.get(experiment.name))


def work_here(plan: StudyPlan, on_end: OnEnd) -> None:
    """Train every run that has not ended, one after the other; wait for those that a worker has claimed.

    Raises:
        InterruptedStudyError: Ctrl-C, or somebody paused a run.

    """
    for experiment in plan.experiments:
        while todo := patiently(partial(_open_runs, plan, experiment)):
            for need, made in todo:
                _finish(made)
                patiently(partial(on_end, need, made))
        patiently(partial(plan.score_best, experiment))


def _open_runs(plan: StudyPlan, experiment: ThesisExperiment) -> Pairs:
    """The runs that have not ended; the repeats follow once all rows have."""
    pairs = services.ensure_runs(plan.needed(experiment), plan.dataset)
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


def wait_for(plan: StudyPlan, on_end: OnEnd) -> None:
    """Queue every run and wait until workers have ended them all; Ctrl-C ends the wait, not the runs."""
    reported: set[int] = set()
    while not patiently(partial(_have_all_ended, plan, reported, on_end)):
        time.sleep(POLL_SECONDS)
    for experiment in plan.experiments:
        patiently(partial(plan.score_best, experiment))


def _have_all_ended(plan: StudyPlan, reported: set[int], on_end: OnEnd) -> bool:
    """Queue the runs known to be needed, report those that have ended since, and say whether none is left."""
    pairs = services.ensure_runs(_all_needed(plan), plan.dataset)
    ended = [(need, made) for need, made in pairs if not services.is_waiting(made)]
    for need, made in ended:
        if made.pk not in reported:
            on_end(need, made)
            reported.add(made.pk)
    return len(ended) == len(pairs) == len(_all_needed(plan))


def _all_needed(plan: StudyPlan) -> list[NeededRun]:
    return [need for each in plan.experiments for need in plan.needed(each)]
