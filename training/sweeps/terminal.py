"""A sweep on a terminal."""

import time

from training.jobs import lifecycle
from training.jobs.models import State
from training.jobs.terminal import POLL_SECONDS, progress_bar
from training.jobs.working import worker_name
from training.runs.models import Run
from training.runs.terminal import run_here
from training.sweeps import creation
from training.sweeps.models import Progress, Sweep


def work_here(sweep: Sweep) -> None:
    """Train every trial that no worker has taken, one after the other; Ctrl-C cancels the whole sweep."""
    for run in sweep.runs():
        if not lifecycle.claim(Run, run.pk, attempt=run.attempt, worker=worker_name()):
            continue
        run_here(Run.objects.get(pk=run.pk))
        if _was_interrupted(Run.objects.get(pk=run.pk)):
            creation.cancel(sweep)
    wait_for(sweep)


def _was_interrupted(run: Run) -> bool:
    """Whether it was cancelled here, by Ctrl-C, and not by somebody who asked for it through the database."""
    return run.state == State.CANCELLED and not run.cancel_requested


def wait_for(sweep: Sweep) -> None:
    """Wait until every trial has ended, with a bar; Ctrl-C cancels them and waits on."""
    with progress_bar(f"Sweep {sweep.pk}") as show:
        while not (progress := _progress(sweep)).is_finished:
            show(progress.ended / progress.total, f"{progress.ended} of {progress.total} trials")
            try:
                time.sleep(POLL_SECONDS)
            except KeyboardInterrupt:
                creation.cancel(sweep)


def _progress(sweep: Sweep) -> Progress:
    return Sweep.objects.get(pk=sweep.pk).progress
