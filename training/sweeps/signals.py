"""How a sweep learns about its trials: from the rows that each epoch and each change of a run's state leave behind.

A failure here is logged and no more (`robust`): the run itself must not suffer from it, the clock advances the sweep
again, and the next epoch is compared again.
"""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_save

from training.jobs.models import EventName, JobEvent
from training.runs.models import Epoch, Run
from training.sweeps import services
from training.sweeps.models import Trial
from training.sweeps.search import pruning

SILENT_EVENTS = (EventName.QUEUED, EventName.CONTINUED, EventName.GIVEN_BACK, EventName.WORKER_LOST)
"""Events after which as many trials wait and have ended as before."""


def _on_event(sender: type[JobEvent], instance: JobEvent, created: bool, **_kwargs: Any) -> None:
    if created and instance.kind == Run.kind() and instance.name not in SILENT_EVENTS:
        transaction.on_commit(lambda: _advance_sweep_of(instance.job_id), robust=True)


def _advance_sweep_of(run_key: int) -> None:
    for key in Trial.objects.filter(run_id=run_key).values_list("sweep_id", flat=True):
        services.advance(key)


def _on_epoch(sender: type[Epoch], instance: Epoch, **_kwargs: Any) -> None:
    if instance.run.is_trial:
        run, epoch = instance.run, instance.epoch
        transaction.on_commit(lambda: pruning.consider(run, epoch), robust=True)


def connect() -> None:
    """Connect both receivers; called once, when the app is ready."""
    post_save.connect(_on_event, sender=JobEvent, weak=False, dispatch_uid="propis-sweeps-events")
    post_save.connect(_on_epoch, sender=Epoch, weak=False, dispatch_uid="propis-sweeps-epochs")
