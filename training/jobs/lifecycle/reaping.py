"""The reaper: jobs whose worker went silent go back to the queue."""

from datetime import datetime

from django.conf import settings

from recognizer.messages import gettext as _
from training.jobs.lifecycle.completion import release
from training.jobs.lifecycle.waking import kinds
from training.jobs.models import EventName, Job, State


class Reaper:
    """Puts back every running job whose heartbeat stays the same from look to look.

    No clock is asked, for one may jump, and those of two machines differ: what a heartbeat says is only compared with
    what it said at the look before. Looks are a heartbeat's period apart.
    """

    def __init__(self) -> None:
        """Begin with no heartbeat seen."""
        self._seen: dict[tuple[type[Job], int, int], tuple[datetime | None, int]] = {}
        """The last heartbeat of each attempt, and at how many looks after the first one it was the same."""

    def look(self) -> int:
        """Put back what has missed too many heartbeats; return how many jobs."""
        jobs = [job for kind in kinds() for job in kind._default_manager.filter(state=State.RUNNING)]
        self._seen = {_key(job): (job.heartbeat_at, self._missed(job)) for job in jobs}
        return sum(_put_back(job) for job in jobs if self._seen[_key(job)][1] >= settings.JOB_MISSED_HEARTBEATS)

    def _missed(self, job: Job) -> int:
        heartbeat, missed = self._seen.get(_key(job), (None, 0))
        return missed + 1 if heartbeat == job.heartbeat_at else 0


def _key(job: Job) -> tuple[type[Job], int, int]:
    return type(job), job.pk, job.attempt


def _put_back(job: Job) -> bool:
    """Release a lost job, unless its worker has shown itself since."""
    why = _(
        "Its worker was lost %(count)d times in a row before anything was achieved. "
        "A likely cause is that memory ran out."
    )
    return release(job, event=EventName.WORKER_LOST, why=why, heartbeat_at=job.heartbeat_at)


_reaper = Reaper()


def reap() -> int:
    """Look once, as this process's reaper; return how many jobs were put back."""
    return _reaper.look()
