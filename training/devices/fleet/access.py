"""A device's own queue on Redis: a user that may do nothing but wait there, and the message that wakes it.

The message says nothing. What is to be done a device asks over HTTP, with its token.
"""

import hashlib
import logging
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from celery import current_app

from training.devices.models import Device
from training.devices.remote.celery_worker import QUEUE, TASK, options_of, user_of

logger = logging.getLogger(__name__)
PASSWORD_BYTES = 32
COMMANDS = ("ping", "hello", "select", "multi", "exec", "brpop", "llen", "lpush", "sadd", "smembers")
"""What a Celery worker sends that takes messages and never has to give one back."""


@dataclass(frozen=True)
class Access:
    """A user of Redis for one device.

    Attributes:
        acl: the command that makes the user; of the password it has the SHA-256 alone.
        broker: the address for the device, with the password, which is kept nowhere else.

    """

    acl: str
    broker: str


def new_access(device: Device, broker: str) -> Access:
    """A new password for the device's user; from now on it is woken through its queue.

    Raises:
        ValueError: the product's queue is not on Redis.

    """
    where = urlsplit(broker)
    if where.scheme not in ("redis", "rediss"):
        raise ValueError("Queues of devices are on Redis alone: start the product with BROKER_URL=redis://…")
    user, password = user_of(device.pk), secrets.token_urlsafe(PASSWORD_BYTES)
    Device.objects.filter(pk=device.pk).update(has_queue=True)
    port, path = where.port or 6379, where.path or "/0"
    return Access(acl_of(user, password), f"{where.scheme}://{user}:{password}@{where.hostname}:{port}{path}")


def acl_of(user: str, password: str) -> str:
    """The command that makes a user of Redis: its own keys, no channel, and no command but those of `COMMANDS`."""
    digest = hashlib.sha256(password.encode()).hexdigest()
    allowed = " ".join(f"+{name}" for name in COMMANDS)
    return f"ACL SETUSER {user} reset on #{digest} ~{user}:* {allowed}"


def wake(device: Device) -> None:
    """Tell a device that something may be waiting; one message at most waits in its queue, for one says it all."""
    try:
        with current_app.connection_for_write(transport_options=options_of(user_of(device.pk))) as connection:
            channel: Any = connection.default_channel
            if channel.queue_declare(QUEUE).message_count:
                return
            current_app.send_task(TASK, queue=QUEUE, connection=connection, ignore_result=True)
    except Exception:
        logger.warning("no Redis to wake “%s” by; it asks by itself within a minute", device, exc_info=True)
