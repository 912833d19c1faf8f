"""How a sweep hears of its trials: from the rows that every epoch and every change of a run's state leave behind.

What fails here is logged and no more (`robust`): the run itself must not suffer from it, the beat advances the sweep
again, and the next epoch is compared again.
"""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_save

from training.jobs.models import JobEvent
from training.runs.models import Epoch, Run
from training.sweeps import proposing, pruning
from training.sweeps.models import Trial

SILENT_EVENTS = ("queued", "goes on", "given back", "worker lost")
"""What leaves as many trials waiting or ended as before."""


def _on_event(sender: type[JobEvent], instance: JobEvent, created: bool, **_kwargs: Any) -> None:
    if created and instance.kind == Run.kind() and instance.name not in SILENT_EVENTS:
        transaction.on_commit(lambda: _advance_sweep_of(instance.job_id), robust=True)


def _advance_sweep_of(run_key: int) -> None:
    for key in Trial.objects.filter(run_id=run_key).values_list("sweep_id", flat=True):
        proposing.advance(key)


def _on_epoch(sender: type[Epoch], instance: Epoch, **_kwargs: Any) -> None:
    if instance.run.is_trial:
        run, epoch = instance.run, instance.epoch
        transaction.on_commit(lambda: pruning.consider(run, epoch), robust=True)


def connect() -> None:
    """Listen."""
    post_save.connect(_on_event, sender=JobEvent, weak=False, dispatch_uid="propis-sweeps-events")
    post_save.connect(_on_epoch, sender=Epoch, weak=False, dispatch_uid="propis-sweeps-epochs")
