"""A sweep on a terminal."""

import time
from functools import partial

from training.jobs import lifecycle
from training.jobs.models import State
from training.jobs.terminal import POLL_SECONDS, patiently, progress_bar
from training.jobs.worker.work_loop import worker_name
from training.runs.models import Run
from training.runs.terminal import run_here
from training.sweeps import services
from training.sweeps.models import Sweep, SweepProgress


def work_here(sweep: Sweep) -> None:
    """Train trials that no worker has claimed, one after the other, until the sweep has ended; Ctrl-C cancels it."""
    while not _progress(sweep).is_finished:
        run = _claim_next(sweep)
        if run is None:
            wait_for(sweep, until_one_waits=True)
            continue
        run_here(run)
        if _was_interrupted(Run.objects.get(pk=run.pk)):
            services.cancel(sweep)
        services.advance(sweep.pk)


def _claim_next(sweep: Sweep) -> Run | None:
    """Claim the next waiting trial; None where none waits."""
    while (run := sweep.runs().filter(state=State.QUEUED).first()) is not None:
        if lifecycle.claim(Run, run.pk, attempt=run.attempt, worker=worker_name()):
            return Run.objects.get(pk=run.pk)
    return None


def _was_interrupted(run: Run) -> bool:
    """Whether it was cancelled here, by Ctrl-C, and not by a request through the database."""
    return run.state == State.CANCELLED and not run.cancel_requested


def wait_for(sweep: Sweep, *, until_one_waits: bool = False) -> None:
    """Wait until the sweep has ended, or a trial waits, with a bar; Ctrl-C cancels the sweep, and the wait goes on."""
    waiting = sweep.runs().filter(state=State.QUEUED)
    with progress_bar(f"Sweep {sweep.pk}") as show:
        while not (progress := _progress(sweep)).is_finished and not (until_one_waits and patiently(waiting.exists)):
            show(progress.ended / max(progress.total, 1), f"{progress.ended} of {progress.total} trials")
            try:
                time.sleep(POLL_SECONDS)
                patiently(partial(services.advance, sweep.pk))
            except KeyboardInterrupt:
                patiently(partial(services.cancel, sweep))


def _progress(sweep: Sweep) -> SweepProgress:
    return patiently(lambda: Sweep.objects.get(pk=sweep.pk).progress)
