"""The task of sweeps."""

from celery import shared_task

from training.sweeps import proposing


@shared_task(name="sweeps.advance")
def advance() -> None:
    """Make the next trials of every sweep that searches, where a call was lost or a limit of time is reached."""
    proposing.advance_all()
