"""An idle worker looks into the tables itself, so that a message that is lost costs seconds.

It does so in a thread of its own: whatever becomes of the broker, and of Celery's connection to it, work is found.

Where no look succeeds for a minute, this process ends, and a fresh one is started: it may be the process that cannot
reach the database (one without memory cannot open a file), not the database that is away.
"""

import logging
import threading
import time
from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import Any

from celery import current_app
from celery.signals import celeryd_after_setup
from django.conf import settings
from django.db import DatabaseError, close_old_connections

from training.jobs import files, lifecycle
from training.jobs.models import Job
from training.jobs.worker import presence
from training.jobs.worker.shutdown import end_worker, wait_for_shutdown
from training.jobs.worker.work_loop import is_at_work

logger = logging.getLogger(__name__)

MOST_SECONDS_AWAY = 60.0
"""How long every look of an idle worker may fail; a database that is locked makes a single one wait for half of it."""


def connect() -> None:
    """Begin to look once Celery has set up a worker; nothing happens elsewhere."""
    celeryd_after_setup.connect(_begin, weak=False, dispatch_uid="propis-looking")


def _begin(instance: Any, **_kwargs: Any) -> None:
    queues = {*instance.app.amqp.queues.consume_from}
    threading.Thread(target=look_again_and_again, args=(queues,), name="looking").start()


def look_again_and_again(queues: Collection[str]) -> None:
    """Look until this process is to stop, or ends because no look succeeds."""
    kinds = [kind for kind in lifecycle.kinds() if kind.QUEUE in queues]
    said: list[str] = []
    shown_at, answered_at = float("-inf"), time.monotonic()
    while not wait_for_shutdown(settings.JOB_LOOK_SECONDS):
        close_old_connections()
        try:
            if time.monotonic() - shown_at >= settings.JOB_HEARTBEAT_SECONDS:
                presence.show(queues)
                shown_at = time.monotonic()
            if _has_files(said):
                look(kinds)
            answered_at = time.monotonic()
        except DatabaseError as error:
            logger.warning("no look for work, as the database did not answer: %s", error)
        except Exception:
            logger.exception("a look for work failed")
        if time.monotonic() - answered_at >= MOST_SECONDS_AWAY and not is_at_work():
            logger.error("no look for work has succeeded for too long: a fresh process is to try")
            end_worker()
    with suppress(DatabaseError):
        presence.leave()


def _has_files(said: list[str]) -> bool:
    """Whether the files are here; where they are not, it is said once."""
    if files.are_here():
        return True
    if not said:
        said.append(f"{settings.PROPIS_VAR} is not the folder of this database: no job is taken that needs its files")
        logger.error(said[0])
    return False


def look(kinds: Sequence[type[Job]]) -> None:
    """Do what waits, as if a message had come for each kind; nothing where this process is at work already."""
    for kind in kinds:
        if not is_at_work() and lifecycle.waiting(kind).exists():
            current_app.tasks[kind.TASK]()
