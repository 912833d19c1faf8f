"""A job on a terminal: its bar on standard error, and Ctrl-C that cancels it."""

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from types import FrameType, TracebackType
from typing import Self, TypeVar

from django.core.management import CommandError
from django.db import connection
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Column

from recognizer.filestore.patience import patient
from training.jobs import lifecycle
from training.jobs.models import Job
from training.jobs.worker.work_loop import UNREACHABLE, Lease, work

J = TypeVar("J", bound=Job)
T = TypeVar("T")
AWAY_SECONDS = 60.0
"""For so long a command that waits bears with a database that does not answer."""
POLL_SECONDS = 0.5
INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells have it."""
WITH_BAR = 80
"""Columns of a terminal from which there is room for the bar itself, beside words and figures."""


@contextmanager
def progress_bar(words: str) -> Iterator[Callable[[float, str], None]]:
    """Give a function to call with the share done and a few words; nothing is shown unless on a terminal."""
    console = Console(file=sys.stderr)
    columns = (  # a narrow terminal folds the words and leaves out the bar, so that no figure is cut
        TextColumn("{task.description}", table_column=Column(overflow="fold")),
        *([BarColumn()] if console.width >= WITH_BAR else []),
        TaskProgressColumn(table_column=Column(no_wrap=True, min_width=4)),
        TimeElapsedColumn(table_column=Column(no_wrap=True, min_width=7)),
        TimeRemainingColumn(table_column=Column(no_wrap=True, min_width=7)),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(words, total=1.0)
        yield lambda share, text: bar.update(task, completed=share, description=f"{words}: {text}" if text else words)


def do_here(begin: Callable[[], J], execute: Callable[[J, Lease], None], words: Callable[[J], str]) -> J:
    """Do a job that `begin` claims for this process (`lifecycle.create_claimed`), with a bar; Ctrl-C cancels it.

    Returns the job as the database has it in the end.
    """
    with _Interrupt() as interrupt:
        job = begin()

        def interruptible(held: J, lease: Lease) -> None:
            interrupt.cancels(lease)
            lease.check()
            execute(held, lease)

        with progress_bar(words(job)) as show:
            work(job, interruptible, on_progress=show)
    patiently(job.refresh_from_db)
    return job


def wait_for(job: Job, words: str) -> None:
    """Wait until a worker has ended the job, with a bar; Ctrl-C asks for its cancel and waits on."""
    with progress_bar(words) as show:
        while not job.is_finished:
            try:
                time.sleep(POLL_SECONDS)
            except KeyboardInterrupt:
                patiently(partial(lifecycle.request_cancel, job))
            patiently(job.refresh_from_db)
            show(job.progress, job.progress_text if job.is_running else str(job.get_state_display()))


def patiently(question: Callable[[], T]) -> T:
    """Ask the database, and again where it does not answer: what is waited for goes on meanwhile.

    Raises:
        CommandError: no answer came for a minute.

    """
    end = time.monotonic() + AWAY_SECONDS
    while True:
        try:
            return question()
        except UNREACHABLE as error:
            if time.monotonic() > end:
                text = str(error).strip().partition("\n")[0]
                raise CommandError(
                    f"The database does not answer; what was queued goes on without us: {text}"
                ) from error
            connection.close()
            time.sleep(POLL_SECONDS)


def waiting_for_store() -> AbstractContextManager[None]:
    """Wait for the store of files within the block, as a job does: the log says so, and Ctrl-C ends it."""
    return patient(lambda _error: None)


class _Interrupt:
    """Lets the first Ctrl-C cancel a job, also one that comes before it has begun, and a second one end the process."""

    def __init__(self) -> None:
        self._came = False
        self._lease: Lease | None = None

    def cancels(self, lease: Lease) -> None:
        """Say what is to be cancelled."""
        self._lease = lease
        if self._came:
            lease.cancel()

    def __enter__(self) -> Self:
        self._before = signal.signal(signal.SIGINT, self._cancel)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        signal.signal(signal.SIGINT, self._before)

    def _cancel(self, _number: int, _frame: FrameType | None) -> None:
        self._came = True
        if self._lease is not None:
            self._lease.cancel()
        signal.signal(signal.SIGINT, self._before)
