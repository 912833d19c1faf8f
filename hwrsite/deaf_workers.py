"""A worker that lost count of its messages connects anew; one that hears nothing although work waits is started anew.

Celery's worker counts what it has taken and not acknowledged, and takes no more than its children can do. Where a child
or the broker is killed at a bad instant, a message is counted for ever: the worker lives and sleeps, and what is queued
waits. Its own event loop takes each look, so that no thread holds a lock while a child is forked, and none is taken
while the loop does not turn because the worker is trying to reach its broker.
"""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Collection
from typing import Any

from celery import bootsteps
from celery.signals import task_received
from celery.worker import state
from django.conf import settings
from django.db import DatabaseError, connection

from hwrsite.supervision import STOP_SECONDS
from training.jobs import lifecycle
from training.jobs.models import State
from training.jobs.working import name_of_worker

logger = logging.getLogger(__name__)
PATIENCE = 9
"""In periods, each with a message for every queue in which work waits: three times what loses a job its worker."""
LOST_AFTER = 2
"""In periods: so long a message may be counted that nobody has in hand."""


class Watch:
    """When a worker last heard something, and whether it should have since."""

    def __init__(
        self,
        queues: Collection[str],
        children: Callable[[], Collection[int]],
        *,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin to wait.

        Args:
            queues: names of those that the worker listens to.
            children: gives the process ids of its children, each of which does one job at a time.
            now: a clock in seconds that never jumps.

        """
        self._queues, self._children, self._now = queues, children, now
        self._ticked = self._heard = now()
        self._next = self._heard + self._patience()

    def hear(self) -> None:
        """Note that a message came."""
        self._heard = self._now()

    def is_deaf(self) -> bool:
        """Whether nothing came for too long. Cheap: the database is asked once a period, and only in a silence."""
        now = self._now()
        if now - self._ticked > settings.JOB_HEARTBEAT_SECONDS:
            self._heard = now  # the worker was away from its queues
        self._ticked = now
        if now < max(self._next, self._heard + self._patience()):
            return False
        self._next = now + settings.JOB_HEARTBEAT_SECONDS
        return self._should_have_heard()

    @staticmethod
    def _patience() -> float:
        return PATIENCE * float(settings.JOB_HEARTBEAT_SECONDS)

    def _should_have_heard(self) -> bool:
        kinds = [kind for kind in lifecycle.kinds() if kind.QUEUE in self._queues]
        children = self._children()
        names = [name_of_worker(child) for child in children]
        try:
            hears_the_clock = settings.CELERY_TASK_DEFAULT_QUEUE in self._queues
            if not hears_the_clock and not any(lifecycle.waiting(kind).exists() for kind in kinds):
                return False
            running = [kind._default_manager.filter(state=State.RUNNING, worker__in=names) for kind in kinds]
            return sum(rows.count() for rows in running) < len(children)
        except DatabaseError:
            return False  # nobody can work, and nobody is to blame
        finally:
            connection.close()  # no child is to inherit it


class Places:
    """Whether messages count as being worked on that nobody has in hand: each takes the place of another for good.

    One is left over where a child is killed before it accepts its message, and where the broker dies as one is
    acknowledged. A connection begun anew counts from nothing.
    """

    def __init__(self, *, now: Callable[[], float] = time.monotonic) -> None:
        """Begin with none; `now` is a clock in seconds that never jumps."""
        self._now = now
        self._since: float | None = None

    def are_lost(self, counted: int, in_hand: int) -> bool:
        """Whether for two periods more messages were counted than requests were in hand."""
        if counted <= in_hand:
            self._since = None
            return False
        self._since = self._since or self._now()
        return self._now() - self._since >= LOST_AFTER * float(settings.JOB_HEARTBEAT_SECONDS)


class DeafWorkerStep(bootsteps.StartStopStep):
    """Celery's step in a worker's start that sets the watch up, for brokers that the event loop listens to."""

    requires = ("celery.worker.components:Hub", "celery.worker.components:Pool")

    def include_if(self, parent: Any) -> bool:
        """Only where there is an event loop (with the file queue there is none, nor a connection to lose)."""
        return bool(parent.use_eventloop)

    def start(self, parent: Any) -> None:
        """Watch from the next turn of the loop on."""
        watch, places = Watch(_queues(parent), lambda: parent.pool.info["processes"]), Places()

        def hear(**_kwargs: Any) -> None:
            watch.hear()

        def look() -> None:
            if places.are_lost(_counted(parent), len(state.reserved_requests)):
                raise ConnectionResetError(f"messages that nobody has in hand: {_state(parent)}")
            if watch.is_deaf():
                parent.hub.on_tick.discard(look)
                _end(parent)

        task_received.connect(hear, weak=False, dispatch_uid="propis-deaf-worker")
        parent.hub.on_tick.add(look)


def _end(worker: Any) -> None:
    """Stop as if told to; what does not stop in time is ended, and its children see that (hwrsite.orphans)."""
    logger.error("no message came although work waits; this worker ends, to be started anew (%s)", _state(worker))
    timer = threading.Timer(STOP_SECONDS, os._exit, [1])
    timer.daemon = True
    timer.start()
    os.kill(os.getpid(), signal.SIGTERM)


def _queues(worker: Any) -> list[str]:
    return [*worker.app.amqp.queues.consume_from]


def _counted(worker: Any) -> int:
    """How many messages the worker's connection counts as taken and not acknowledged."""
    transport = getattr(worker.consumer.connection, "transport", None)
    counts = [channel.qos for channel in getattr(transport, "channels", [])]
    return sum(len(count._delivered) - len(count._dirty) for count in counts)  # (Kombu tells it to nobody)


def _state(worker: Any) -> str:
    """What Celery believes, for whoever looks for the cause."""
    return (
        f"queues {', '.join(_queues(worker))}, accepted {len(state.active_requests)}, "
        f"reserved {len(state.reserved_requests)}, counted {_counted(worker)}"
    )
