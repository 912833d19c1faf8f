"""How a worker holds a job: heartbeat from its own thread and connection, progress, and when to stop."""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, TypeVar

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.db.models import Q, QuerySet

from recognizer.filestore.errors import StoreAwayError
from recognizer.filestore.patience import patient
from recognizer.messages import gettext as _
from training.jobs import files, lifecycle, log_context
from training.jobs.lifecycle import LostClaimError, waking
from training.jobs.models import REQUESTS, Job, State
from training.jobs.progress import ShareProgress
from training.jobs.worker.shutdown import end_worker, is_shutting_down

logger = logging.getLogger(__name__)
J = TypeVar("J", bound=Job)
UNREACHABLE = (OperationalError, InterfaceError)
"""A database that is locked, restarted or away: no fault of the job, which goes on when it is back."""
_hands = threading.Lock()
"""Held while this process does a job: a message and the look of an idle worker may come at the same time."""


class JobFailedError(Exception):
    """A job that cannot be done; the message is a sentence for the person who asked for it."""


class StoppedError(Exception):
    """The work was stopped before its end, because `should_stop` said so."""


class Lease:
    """A job that this process holds. As a context it keeps the heartbeat going; the work polls `should_stop()`."""

    def __init__(self, job: Job, *, on_progress: ShareProgress | None = None) -> None:
        """Hold a job that was just claimed; `on_progress` hears of each step, in the thread that works."""
        self.job = job
        self._on_progress = on_progress
        self.cancelled = job.cancel_requested
        self.asked = False
        self.lost = False
        self._progress: tuple[float, str] = (job.progress, job.progress_text)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"heartbeat-{job.kind()}-{job.pk}", daemon=True)

    def should_stop(self) -> bool:
        """Whether to stop now: cancelled, pruned, paused, worker told to stop, or the job is no longer ours."""
        return self.cancelled or self.asked or self.lost or is_shutting_down()

    def cancel(self) -> None:
        """Cancel the job from within its own process, as Ctrl-C on a terminal does. Safe in a signal's handler."""
        self.cancelled = True

    def check(self) -> None:
        """Raise StoppedError if the work should stop.

        Raises:
            StoppedError: the work should stop now.

        """
        if self.should_stop():
            raise StoppedError

    def progress(self, fraction: float, text: str = "") -> None:
        """Report the share done, 0…1. Cheap: the heartbeat's thread writes it at most once a second."""
        self._progress = (min(max(fraction, 0.0), 1.0), text)
        if self._on_progress is not None:
            self._on_progress(*self._progress)

    def wait_for_store(self, error: StoreAwayError) -> None:
        """Say that the work waits for the store of files.

        Raises:
            StoppedError: the work should stop now.

        """
        self.check()
        self.progress(self._progress[0], _("waiting for the store of files: %(why)s") % {"why": str(error)[:80]})

    def __enter__(self) -> Self:
        """Start the heartbeat. Raises MemoryError where there is no room for a thread."""
        try:
            self._thread.start()
        except RuntimeError as error:
            raise MemoryError(str(error)) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the heartbeat."""
        self._over.set()
        self._thread.join()

    def _beat(self) -> None:
        written, last = self._progress, time.monotonic()
        while not self._over.wait(settings.JOB_LOOK_SECONDS) and not self.lost:
            try:
                self._look()
                if self._progress != written or time.monotonic() - last >= settings.JOB_HEARTBEAT_SECONDS:
                    written, last = self._progress, time.monotonic()
                    self._write(**lifecycle.alive(), progress=written[0], progress_text=written[1])
            except LostClaimError:
                self.lost = True
            except Exception as error:
                logger.warning("a heartbeat of %s %s failed: %s", self.job.kind(), self.job.pk, error)
                connection.close()
        connection.close()

    def _look(self) -> None:
        row = self._rows().values(*REQUESTS.values()).first()
        if row is None:
            raise LostClaimError
        self.cancelled = self.cancelled or row["cancel_requested"]
        self.asked = any(row.values())

    def _write(self, **fields: Any) -> None:
        if not self._rows().update(**fields):
            raise LostClaimError

    def _rows(self) -> QuerySet[Job]:
        """The job's row while it is ours."""
        return type(self.job)._default_manager.filter(pk=self.job.pk, state=State.RUNNING, attempt=self.job.attempt)


def worker_name() -> str:
    """Host name and process id."""
    return f"{socket.gethostname()}:{os.getpid()}"


def is_at_work() -> bool:
    """Whether this process is doing a job."""
    return _hands.locked()


def work_next(kind: type[J], execute: Callable[[J, Lease], None], *, only: Q | None = None) -> bool:
    """Claim the next job of a kind, of those that this worker may do (`only`), and do it; False where it took none.

    `execute` returns when the work is done, raises `JobFailedError` with a sentence, or `StoppedError`. It may end the
    job itself (with `lifecycle.finish`), so that its results and the state change in one transaction.
    """
    with _hands:
        if is_shutting_down() or not files.are_here():  # what was given back a moment ago is for another worker
            return False
        job = lifecycle.claim_next(kind, worker=worker_name(), only=only)
        if job is None:
            return False
        if lifecycle.waiting(kind, only).exists():
            waking.wake(kind)  # somebody else may be idle
        work(job, execute)
        return True


def work(job: J, execute: Callable[[J, Lease], None], *, on_progress: ShareProgress | None = None) -> None:
    """Do a job that we hold, and end it according to the outcome.

    Where memory ran out, a worker ends with the attempt: its next job finds a fresh process.
    """
    try:
        with log_context.of(job):
            _work(job, execute, on_progress)
    except LostClaimError:
        logger.warning("%s %s was taken from us at attempt %s", job.kind(), job.pk, job.attempt)
    except UNREACHABLE:
        logger.exception("%s %s: the database did not answer; the reaper puts it back", job.kind(), job.pk)
        connection.close()


def _work(job: J, execute: Callable[[J, Lease], None], on_progress: ShareProgress | None) -> None:
    try:
        with Lease(job, on_progress=on_progress) as lease:
            _attempt(job, lease, execute)
    except MemoryError:
        try:
            logger.exception("%s %s: memory ran out", job.kind(), job.pk)
            why = _("Memory ran out %(count)d times in a row before anything was achieved.")
            lifecycle.fail_attempt(job, why)
        finally:
            end_worker()


def _attempt(job: J, lease: Lease, execute: Callable[[J, Lease], None]) -> None:
    try:
        with patient(lease.wait_for_store):
            execute(job, lease)
        if job.state == State.RUNNING:
            lifecycle.finish(job, State.SUCCEEDED)
    except StoppedError:
        if lease.cancelled:
            lifecycle.finish(job, State.CANCELLED)
        elif not lease.lost:
            lifecycle.give_back(job)
    except JobFailedError as error:
        if files.are_here():
            lifecycle.finish(job, State.FAILED, error=str(error))
        else:  # they were taken from us meanwhile, and others may have them
            lifecycle.give_back(job)
    except (LostClaimError, MemoryError, *UNREACHABLE):
        raise
    except Exception as error:
        logger.exception("%s %s failed unexpectedly", job.kind(), job.pk)
        lifecycle.finish(
            job, State.FAILED, error=_("Unexpected %(kind)s: %(why)s") % {"kind": type(error).__name__, "why": error}
        )
