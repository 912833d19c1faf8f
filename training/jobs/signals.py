"""What else is deleted with a job, whoever deletes it (the admin deletes whole querysets)."""

from typing import Any

from django.db import models
from django.db.models.signals import post_delete

from training.jobs.models import Job, JobEvent


def _forget_events(sender: type[models.Model], instance: models.Model, **_kwargs: Any) -> None:
    if isinstance(instance, Job):
        JobEvent.objects.filter(kind=instance.kind(), job_id=instance.pk).delete()


def connect() -> None:
    """Delete a job's events with it."""
    post_delete.connect(_forget_events, weak=False, dispatch_uid="propis-jobs-events")
