"""The clock: short work that never waits behind long work, each period, in a process of its own.

Two clocks may run, as every change that they make is a conditional one. A period is counted from the end of the one
before, by waiting: whoever sets the machine's time changes nothing.
"""

import logging
import time
from typing import NoReturn

from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.db.models import F
from django.utils.module_loading import import_string

from training.jobs import files
from training.jobs.models import Deployment

logger = logging.getLogger(__name__)


def run() -> NoReturn:
    """Do all of `CLOCK_WORK` each period, until this process ends."""
    while True:
        tick()
        time.sleep(settings.JOB_HEARTBEAT_SECONDS)


def tick() -> None:
    """Do each work once; what fails keeps no other from being done."""
    for name in (*settings.CLOCK_WORK, *settings.CLOCK_WORK_ON_FILES):
        close_old_connections()
        try:
            if name in settings.CLOCK_WORK or files.are_here():
                import_string(name)()
        except DatabaseError as error:
            logger.warning("%s waits for the next period, as the database did not answer: %s", name, error)
        except Exception:
            logger.exception("%s failed", name)


def count() -> None:
    """Show that a clock lives."""
    Deployment.objects.update(clock_ticks=F("clock_ticks") + 1)
