"""The reaper's task."""

from celery import shared_task

from training.jobs import embedded_queue, lifecycle


@shared_task(name="jobs.reap")
def reap() -> None:
    """Put back what lost its worker, wake workers for what waits, prune the embedded queue's old messages."""
    lifecycle.reap()
    embedded_queue.prune()
