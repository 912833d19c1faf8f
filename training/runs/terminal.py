"""A run on a terminal: its bar on standard error, and Ctrl-C that cancels it."""

import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from training.jobs import lifecycle
from training.jobs.working import Lease, work
from training.runs import checkpoints, execution
from training.runs.models import Run

POLL_SECONDS = 0.5


@contextmanager
def _bar() -> Iterator[Progress]:
    """Show a bar on standard error; nothing where that is no terminal."""
    console = Console(file=sys.stderr)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        yield progress


def run_here(run: Run) -> None:
    """Train a run that this process holds, with a bar; Ctrl-C cancels it between two mini-batches."""
    with _bar() as bar:
        task = bar.add_task(f"Run {run.pk}", total=1.0)

        def show(fraction: float, text: str) -> None:
            bar.update(task, completed=fraction, description=_words(run, text))

        def execute(run: Run, lease: Lease) -> None:
            with _cancelled_by_interrupt(lease):
                execution.execute(run, lease)

        work(run, execute, on_progress=show)
    checkpoints.prune()


@contextmanager
def _cancelled_by_interrupt(lease: Lease) -> Iterator[None]:
    """Let the first Ctrl-C cancel the run, and a second one end the process."""

    def cancel(_number: int, _frame: FrameType | None) -> None:
        lease.cancel()
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, cancel)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def wait_for(run: Run) -> None:
    """Wait until a worker has ended the run, with a bar; Ctrl-C asks for its cancel and waits on."""
    with _bar() as bar:
        task = bar.add_task(f"Run {run.pk}", total=1.0)
        while not run.is_finished:
            try:
                time.sleep(POLL_SECONDS)
            except KeyboardInterrupt:
                lifecycle.request_cancel(run)
            run.refresh_from_db()
            text = run.progress_text if run.is_running else str(run.get_state_display())
            bar.update(task, completed=run.progress, description=_words(run, text))


def _words(run: Run, text: str) -> str:
    accuracy = run.validation_accuracy
    reached = "" if accuracy is None else f" · validation {accuracy:.2%}"
    return f"Run {run.pk}: {text}{reached}"
