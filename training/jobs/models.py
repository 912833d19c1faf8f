"""The abstract job and its events.

States of a job, and who may change them (each change is one conditional UPDATE; see `lifecycle`):

    queued ──claim──▶ running ──▶ succeeded     the work is done
      ▲  │               │   ├──▶ failed        it cannot be done: `error` says why
      │  │               │   ├──▶ cancelled     somebody no longer wants it
      │  │               │   ├──▶ pruned        it is not worth going on with
      │  │               │   └──▶ paused        it waits for somebody who resumes it
      │  └──at once──▶ cancelled | pruned | paused
      ├── given back (worker told to stop) or reaped (worker lost)
      ├── resumed from paused; what is paused can also be cancelled or pruned
      └── tried again from failed, cancelled or pruned

What is asked of a running job (cancel, prune, pause) is a column that its worker sees between two steps of the work.
It decides what becomes of the job when the worker lets go of it, for whatever reason.

A claim gives an attempt number. Every later write of the worker is refused once the number is no longer its own.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class State(models.TextChoices):
    """Where a job stands."""

    QUEUED = "queued", _("queued")
    RUNNING = "running", _("running")
    SUCCEEDED = "succeeded", _("succeeded")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")
    PAUSED = "paused", _("paused")
    PRUNED = "pruned", _("pruned")


FINISHED = (State.SUCCEEDED, State.FAILED, State.CANCELLED, State.PRUNED)
"""States in which nothing more happens to a job by itself, and in which nobody waits for it."""
RETRIED = (State.FAILED, State.CANCELLED, State.PRUNED)
"""Finished states from which a job can be tried again."""
REQUESTS = {
    State.CANCELLED: "cancel_requested",
    State.PRUNED: "prune_requested",
    State.PAUSED: "pause_requested",
}
"""Columns of what can be asked of a running job, by the state that it leads to; the first one wins."""


class Job(models.Model):
    """Any long work with a row, a claim and a heartbeat. A subclass names the task that works on it."""

    TASK: ClassVar[str]
    """Name of the Celery task that claims and does the next job of this kind."""
    QUEUE: ClassVar[str]
    """Queue in which that task waits."""
    CODE: ClassVar[int] = 1
    """Version of what this code can do of this kind: raised whenever older code would do a new job wrong."""

    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.QUEUED, db_index=True, editable=False
    )
    priority = models.IntegerField(_("priority"), default=0, help_text=_("Higher goes first; among equals the older."))
    attempt = models.PositiveIntegerField(_("attempt"), default=0, editable=False)
    fruitless_attempts = models.PositiveIntegerField(default=0, editable=False)
    worker = models.CharField(_("worker"), max_length=100, blank=True, editable=False)
    needs_code = models.PositiveIntegerField(default=1, editable=False)
    """The oldest `CODE` that can do it."""
    heartbeat_at = models.DateTimeField(null=True, editable=False)
    suspected_at = models.DateTimeField(null=True, editable=False)
    """When the reaper first missed its heartbeat; None again with the next one."""
    cancel_requested = models.BooleanField(default=False, editable=False)
    prune_requested = models.BooleanField(default=False, editable=False)
    pause_requested = models.BooleanField(default=False, editable=False)
    progress = models.FloatField(_("progress"), default=0.0, editable=False)
    progress_text = models.CharField(max_length=200, blank=True, editable=False)
    error = models.TextField(_("error"), blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    started_at = models.DateTimeField(_("started"), null=True, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, editable=False)
    paused_at = models.DateTimeField(null=True, editable=False)
    """Since when it is paused; it stays where a paused job is ended."""
    paused_seconds = models.FloatField(default=0.0, editable=False)
    """How long it was paused after its start, the pause that it is in apart."""
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("created by"),
    )

    class Meta:
        abstract = True
        indexes = [models.Index(fields=["state", "-priority", "created_at"], name="%(app_label)s_%(class)s_next")]

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will happen to it by itself, and nobody waits for it."""
        return self.state in FINISHED

    @property
    def is_running(self) -> bool:
        """Whether a worker has it."""
        return self.state == State.RUNNING

    @property
    def request(self) -> State | None:
        """What was asked of it while it runs and its worker has not seen yet."""
        asked = (state for state, column in REQUESTS.items() if getattr(self, column))
        return next(asked, None) if self.is_running else None

    @property
    def seconds(self) -> float | None:
        """Seconds from the first start to the end, or to now, pauses apart; None before the start."""
        if self.started_at is None:
            return None
        end = self.paused_at or self.finished_at or timezone.now()
        return (end - self.started_at).total_seconds() - self.paused_seconds

    @property
    def seconds_left(self) -> float | None:
        """Seconds that are probably left, by the share done; None where nobody can tell."""
        if not self.is_running or self.seconds is None or not 0.01 < self.progress < 1:
            return None
        return self.seconds * (1 - self.progress) / self.progress

    @classmethod
    def kind(cls) -> str:
        """The kind as events name it, such as `runs.run`."""
        return str(cls._meta.label_lower)

    @property
    def events(self) -> "models.QuerySet[JobEvent]":
        """What happened to it, oldest first."""
        return JobEvent.objects.filter(kind=self.kind(), job_id=self.pk).order_by("pk")

    def note(self, name: str, text: str = "") -> None:
        """Write down that something happened."""
        JobEvent.objects.create(kind=self.kind(), job_id=self.pk, attempt=self.attempt, name=name, text=text)


EVENT_NAMES = (
    gettext_noop("queued"),
    gettext_noop("started"),
    gettext_noop("goes on"),
    gettext_noop("cancel requested"),
    gettext_noop("pause requested"),
    gettext_noop("prune requested"),
    gettext_noop("resumed"),
    gettext_noop("tried again"),
    gettext_noop("given back"),
    gettext_noop("attempt failed"),
    gettext_noop("worker lost"),
    gettext_noop("code too old"),
    gettext_noop("checkpoint refused"),
    gettext_noop("disk full"),
)
"""What can happen to a job besides the states that it ends in; named here to be translated."""


class JobEvent(models.Model):
    """Something that happened to a job."""

    kind = models.CharField(max_length=50)
    job_id = models.BigIntegerField()
    attempt = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(default=timezone.now)
    name = models.CharField(max_length=30)
    text = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "job_id"], name="jobs_event_of")]

    def __str__(self) -> str:
        """Name the event and its job."""
        return f"{self.kind} {self.job_id}: {self.name}"
