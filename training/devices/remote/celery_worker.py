"""The agent as a Celery worker of a fleet: a message in the device's own queue on Redis ends its waiting at once.

Celery is the bell and nothing more. The agent's loop runs in a thread of its own as it does without: it asks over HTTP,
measures, posts. So a message that is lost costs a minute, and a Redis that is away costs no job.

Celery is imported here alone, and only where a device is to be woken.
"""

from __future__ import annotations

import threading
import traceback
from typing import Any, Callable, Dict
from urllib.parse import unquote, urlsplit

from celery import Celery
from celery.worker import state

from training.devices.remote.loop import FatalError, say

TASK = "devices.look"
QUEUE = "look"
LONGEST_IDLE = 60.0
"""Seconds after which a device asks though nobody woke it."""


def user_of(device: int) -> str:
    """What Redis calls a device; its keys begin with this and a colon."""
    return f"propis-device-{device}"


def options_of(user: str) -> Dict[str, Any]:
    """Of kombu's transport: all keys are the device's own, and a message that is taken is gone, for it says nothing."""
    return {"global_keyprefix": f"{user}:", "ack_emulation": False}


def user_in(broker: str) -> str:
    """The user in the address of a Redis. Raises ValueError: there is none, or it is no such address."""
    parts = urlsplit(broker)
    if parts.scheme not in ("redis", "rediss") or not parts.username or not parts.hostname:
        raise ValueError("The address of the queue is redis://USER:PASSWORD@HOST:6379/0, as `device_access` prints it.")
    return unquote(parts.username)


def application(broker: str, look: Callable[[], None]) -> Celery:
    """Celery for one device: JSON alone, no remote control, no events, no results."""
    app = Celery("propis-device", broker=broker, fixups=[])  # of which one looks for Django
    app.conf.update(
        accept_content=["json"],
        task_ignore_result=True,
        task_default_queue=QUEUE,
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_cancel_long_running_tasks_on_connection_loss=True,  # of which there are none; it warns otherwise
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options=options_of(user_in(broker)),
    )
    app.task(name=TASK)(look)
    return app


def work(broker: str, ask: Callable[[Callable[[float], None], float], None]) -> int:
    """Run the agent's loop beside a Celery worker that wakes it, until either ends; returns the exit status.

    Args:
        broker: address of Redis, with the device's user and password.
        ask: the loop; given what it sleeps by, and the longest time between two questions.

    """
    bell = threading.Event()

    def sleep(seconds: float) -> None:
        bell.wait(seconds)
        bell.clear()

    app = application(broker, bell.set)
    threading.Thread(target=_until_the_end, args=(lambda: ask(sleep, LONGEST_IDLE),), daemon=True).start()
    worker = app.Worker(
        pool="solo", queues=[QUEUE], loglevel="WARNING", quiet=True,
        without_heartbeat=True, without_mingle=True, without_gossip=True,
    )  # fmt: skip
    worker.start()
    return int(worker.exitcode or 0)


def _until_the_end(loop: Callable[[], None]) -> None:
    """Run the loop; where it cannot go on, the worker ends, too: with a status that says whether to start it again."""
    worker: Any = state
    try:
        loop()
    except FatalError as error:
        say(str(error))
        worker.should_stop = FatalError.STATUS
    except BaseException:
        traceback.print_exc()
        worker.should_stop = 1
