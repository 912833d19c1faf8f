"""The clock that wakes the reaper, going on when the machine's time is set."""

import time
from typing import Any

from celery.beat import Scheduler

JUMP_SECONDS = 1.0


class SteadyScheduler(Scheduler):
    """Celery's scheduler without its file, and with an eye on the time that cannot be set.

    Celery notes by the time of day when each task is due next: set back by an hour, it would wake nobody for an hour.
    The file is left out because one entry that is due every few seconds needs no memory, and a kill can break a file.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Note how far the two clocks are apart."""
        super().__init__(*args, **kwargs)
        self._apart = _apart()

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        """Do what is due; where the time was set since the last look, count each period from now."""
        apart = _apart()
        if abs(apart - self._apart) > JUMP_SECONDS:
            for entry in self.schedule.values():
                entry.last_run_at = entry.default_now()
            self.populate_heap()
        self._apart = apart
        return super().tick(*args, **kwargs)


def _apart() -> float:
    """Seconds by which the time of day is ahead of the time since the machine was started."""
    return time.time() - time.monotonic()
