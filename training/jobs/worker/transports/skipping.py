"""What both transports have in common: a message that cannot be read is logged and skipped."""

import logging
from typing import Any

from kombu.transport import virtual

logger = logging.getLogger(__name__)
MALFORMED = (AttributeError, KeyError, TypeError, ValueError)
"""What Kombu and Celery raise where a message is not what they expect."""


class SkippingTransport(virtual.Transport):
    """A transport that skips what it cannot deliver."""

    def _deliver(self, message: Any, queue: str | None) -> None:
        try:
            super()._deliver(message, queue)
        except MALFORMED:
            log_skipped(queue)


def log_skipped(queue: str | None) -> None:
    """Log the exception that is being handled: a message of this queue could not be read."""
    logger.warning("a message in the queue %s cannot be read; it is skipped", queue, exc_info=True)
