"""Celery's transports, with messages that appear whole, and where one that cannot be read is logged and skipped.

Kombu's own file transport opens a message's file under its final name and then writes it, so that a reader may take it
while it is empty; and with either transport an unreadable message ends its reader.
"""

from kombu.transport import TRANSPORT_ALIASES

FILES = f"{__name__}.file_transport:FileTransport"
REDIS = f"{__name__}.redis_transport:RedisTransport"


def install() -> None:
    """Let `filesystem://`, `redis://` and `rediss://` mean these transports; only the one that is used is imported."""
    TRANSPORT_ALIASES.update({"filesystem": FILES, "redis": REDIS, "rediss": REDIS})
