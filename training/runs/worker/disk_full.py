"""A full disk: the run waits until there is space, and loses nothing."""

import errno
import logging
import time
from collections.abc import Callable
from typing import TypeVar

from recognizer.messages import gettext as _
from training.jobs.models import EventName
from training.jobs.worker.work_loop import UNREACHABLE, Lease
from training.runs.models import Run

logger = logging.getLogger(__name__)
T = TypeVar("T")
FULL = (errno.ENOSPC, errno.EDQUOT)
LOOK_SECONDS = 1.0


def retry_while_disk_full(run: Run, lease: Lease, write: Callable[[], T]) -> T:
    """Call `write`, and call it again every second for as long as the disk is full.

    Args:
        run: ours.
        lease: shows that the run waits, and says when to stop.
        write: writes files; may be called again after it failed half-way.

    Raises:
        StoppedError: cancelled, paused, or the worker was told to stop, while it waited.
        OSError: it failed for any other reason.

    """
    waits = False
    while True:
        try:
            return write()
        except OSError as error:
            if error.errno not in FULL:
                raise
            if not waits:
                _record_wait(run, error)
            waits = True
        lease.progress(run.progress, _("waiting for room on the disk"))
        lease.check()
        time.sleep(LOOK_SECONDS)


def _record_wait(run: Run, error: OSError) -> None:
    """Record that it waits, if the database can still write."""
    logger.error("%s %s waits for room on the disk: %s", run.kind(), run.pk, error)
    try:
        quota = error.errno == errno.EDQUOT
        run.record_event(EventName.DISK_FULL, _("the quota is used up") if quota else _("no room is left on the disk"))
    except UNREACHABLE:
        logger.exception("%s %s: the database has no space either", run.kind(), run.pk)
