"""Celery's transport over Redis."""

from typing import Any

from kombu.transport import redis

from training.jobs.worker.transports.skipping import SkippingTransport, log_skipped


class RedisChannel(redis.Channel):
    """A channel over Redis."""

    def _brpop_read(self, **options: Any) -> Any:
        """Read the message that came."""
        try:
            return super()._brpop_read(**options)  # type: ignore[misc]
        except ValueError:
            log_skipped(", ".join(self._active_queues))
            return True


class RedisTransport(SkippingTransport, redis.Transport):
    """Celery's transport over Redis with such channels."""

    Channel = RedisChannel
