"""A job on a terminal: its bar on standard error, and Ctrl-C that cancels it."""

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from training.jobs import lifecycle
from training.jobs.models import Job
from training.jobs.working import Lease, work

J = TypeVar("J", bound=Job)
POLL_SECONDS = 0.5


@contextmanager
def progress_bar(words: str) -> Iterator[Callable[[float, str], None]]:
    """Give a function that is told the share done and a few words; nothing is shown where that is no terminal."""
    console = Console(file=sys.stderr)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(words, total=1.0)
        yield lambda share, text: bar.update(task, completed=share, description=f"{words}: {text}" if text else words)


def do_here(job: J, execute: Callable[[J, Lease], None], words: str) -> None:
    """Do a job that this process holds (`lifecycle.take`), with a bar; Ctrl-C cancels it."""
    with progress_bar(words) as show:

        def interruptible(held: J, lease: Lease) -> None:
            with _cancelled_by_interrupt(lease):
                execute(held, lease)

        work(job, interruptible, on_progress=show)


def wait_for(job: Job, words: str) -> None:
    """Wait until a worker has ended the job, with a bar; Ctrl-C asks for its cancel and waits on."""
    with progress_bar(words) as show:
        while not job.is_finished:
            try:
                time.sleep(POLL_SECONDS)
            except KeyboardInterrupt:
                lifecycle.request_cancel(job)
            job.refresh_from_db()
            show(job.progress, job.progress_text if job.is_running else str(job.get_state_display()))


@contextmanager
def _cancelled_by_interrupt(lease: Lease) -> Iterator[None]:
    """Let the first Ctrl-C cancel the job, and a second one end the process."""

    def cancel(_number: int, _frame: FrameType | None) -> None:
        lease.cancel()
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, cancel)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
