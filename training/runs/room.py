"""A disk that is full: the run waits until there is room, and loses nothing."""

import errno
import logging
import time
from collections.abc import Callable
from typing import TypeVar

from django.utils.translation import gettext as _

from training.jobs.working import UNREACHABLE, Lease
from training.runs.models import Run

logger = logging.getLogger(__name__)
T = TypeVar("T")
FULL = (errno.ENOSPC, errno.EDQUOT)
LOOK_SECONDS = 1.0


def when_there_is_room(run: Run, lease: Lease, write: Callable[[], T]) -> T:
    """Do what writes files; where the disk is full, again and again, until it could be done.

    Args:
        run: ours.
        lease: tells people that we wait, and us when to stop.
        write: can be done again after it failed half-way.

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
                _tell(run, error)
            waits = True
        lease.progress(run.progress, _("waiting for room on the disk"))
        lease.check()
        time.sleep(LOOK_SECONDS)


def _tell(run: Run, error: OSError) -> None:
    """Write down that it waits, where the database still takes anything."""
    logger.error("%s %s waits for room on the disk: %s", run.kind(), run.pk, error)
    try:
        run.note("disk full", error.strerror or str(error))
    except UNREACHABLE:
        logger.exception("%s %s: the database has no room either", run.kind(), run.pk)
