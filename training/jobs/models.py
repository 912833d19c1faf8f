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

A request to a running job (cancel, prune, pause) is a column that its worker sees between two steps of the work.
It decides what becomes of the job when the worker releases it, for whatever reason.

A claim gives an attempt number. Every later write of the worker is refused once the number is no longer its own.
"""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from recognizer.messages import MessageField


class State(models.TextChoices):
    """The states of a job; the drawing above has the ways between them."""

    QUEUED = "queued", _("queued")
    RUNNING = "running", _("running")
    SUCCEEDED = "succeeded", _("succeeded")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")
    PAUSED = "paused", _("paused")
    PRUNED = "pruned", _("pruned")


FINISHED = (State.SUCCEEDED, State.FAILED, State.CANCELLED, State.PRUNED)
"""States that a job leaves only when somebody retries it."""
RETRIED = (State.FAILED, State.CANCELLED, State.PRUNED)
"""Finished states from which a job can be tried again."""
REQUESTS = {
    State.CANCELLED: "cancel_requested",
    State.PRUNED: "prune_requested",
    State.PAUSED: "pause_requested",
}
"""Columns of what can be asked of a running job, by the state that it leads to; the first one wins."""


class EventName(models.TextChoices):
    """What can happen to a job. Values are stored: they never change, only new ones are added."""

    QUEUED = "queued", _("queued")
    STARTED = "started", _("started")
    CONTINUED = "goes on", _("goes on")
    CANCEL_REQUESTED = "cancel requested", _("cancel requested")
    PAUSE_REQUESTED = "pause requested", _("pause requested")
    PRUNE_REQUESTED = "prune requested", _("prune requested")
    RESUMED = "resumed", _("resumed")
    RETRIED = "tried again", _("tried again")
    GIVEN_BACK = "given back", _("given back")
    ATTEMPT_FAILED = "attempt failed", _("attempt failed")
    WORKER_LOST = "worker lost", _("worker lost")
    CODE_TOO_OLD = "code too old", _("code too old")
    CHECKPOINT_REFUSED = "checkpoint refused", _("checkpoint refused")
    DISK_FULL = "disk full", _("disk full")
    SUCCEEDED = "succeeded", _("succeeded")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")
    PAUSED = "paused", _("paused")
    PRUNED = "pruned", _("pruned")

    @classmethod
    def reached(cls, state: State | str) -> "EventName":
        """The event of a job that reaches a state in which no worker has it."""
        return cls(State(state).value)


REQUEST_EVENTS = {
    State.CANCELLED: EventName.CANCEL_REQUESTED,
    State.PRUNED: EventName.PRUNE_REQUESTED,
    State.PAUSED: EventName.PAUSE_REQUESTED,
}
"""The event of each request in `REQUESTS`."""


class CannotStartError(Exception):
    """A job that would fail at once; the message is a sentence for the person who asked for it."""


class Job(models.Model):
    """Any long work with a row, a claim and a heartbeat. A subclass names the task that works on it."""

    TASK: ClassVar[str]
    """Name of the Celery task that claims and does the next job of this kind."""
    QUEUE: ClassVar[str]
    """Queue in which that task waits."""
    CODE_VERSION: ClassVar[int] = 1
    """Raised whenever older code would do a new job of this kind wrong."""

    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.QUEUED, db_index=True, editable=False
    )
    priority = models.IntegerField(_("priority"), default=0, help_text=_("Higher goes first; among equals the older."))
    attempt = models.PositiveIntegerField(_("attempt"), default=0, editable=False)
    attempts_without_progress = models.PositiveIntegerField(default=0, editable=False)
    """Attempts in a row that ended before anything lasting was written."""
    worker = models.CharField(_("worker"), max_length=100, blank=True, editable=False)
    min_code_version = models.PositiveIntegerField(default=1, editable=False)
    """The oldest `CODE_VERSION` that may claim it."""
    heartbeat_at = models.DateTimeField(null=True, editable=False)
    cancel_requested = models.BooleanField(default=False, editable=False)
    prune_requested = models.BooleanField(default=False, editable=False)
    pause_requested = models.BooleanField(default=False, editable=False)
    progress = models.FloatField(_("progress"), default=0.0, editable=False)
    progress_text = MessageField(blank=True, editable=False)
    error = MessageField(_("error"), blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    started_at = models.DateTimeField(_("started"), null=True, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, editable=False)
    paused_at = models.DateTimeField(null=True, editable=False)
    """When it was paused; kept if it is ended while paused."""
    paused_seconds = models.FloatField(default=0.0, editable=False)
    """How long it was paused after its start, without the present pause."""
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

    def get_absolute_url(self) -> str:
        """Address of its page: in the admin, where its kind has none of its own."""
        return reverse(f"admin:{self._meta.app_label}_{self._meta.model_name}_change", args=[self.pk])

    def check_can_start(self) -> None:
        """Check that what it needs is still there, before it is tried again. Kinds that may miss something say what.

        Raises:
            CannotStartError: it would fail at once.

        """

    @property
    def is_finished(self) -> bool:
        """Whether it has ended, well or not."""
        return self.state in FINISHED

    @property
    def is_running(self) -> bool:
        """Whether a worker holds it."""
        return self.state == State.RUNNING

    @property
    def request(self) -> State | None:
        """What was requested while it runs and its worker has not seen yet."""
        requested = (state for state, column in REQUESTS.items() if getattr(self, column))
        return next(requested, None) if self.is_running else None

    @property
    def seconds(self) -> float | None:
        """Seconds from the first start to the end, or to now, without pauses; None before the start."""
        if self.started_at is None:
            return None
        end = self.paused_at or self.finished_at or timezone.now()
        return (end - self.started_at).total_seconds() - self.paused_seconds

    @property
    def seconds_left(self) -> float | None:
        """Estimated seconds left, by the share done; None before there is enough to estimate from."""
        if not self.is_running or self.seconds is None or not 0.01 < self.progress < 1:
            return None
        return self.seconds * (1 - self.progress) / self.progress

    @classmethod
    def kind(cls) -> str:
        """The kind as events name it, such as `runs.run`."""
        return str(cls._meta.label_lower)

    @classmethod
    def unfinished_of(cls, rows: Sequence[models.Model]) -> "models.QuerySet[Self]":
        """Those that have not ended and refer to any of these rows, which are of one table."""
        fields = (*cls._meta.fields, *cls._meta.many_to_many)
        names = [field.name for field in fields if field.related_model is type(rows[0])]
        refers = reduce(or_, (models.Q(**{f"{name}__in": rows}) for name in names))
        return cls._default_manager.exclude(state__in=FINISHED).filter(refers).distinct().order_by("pk")

    @property
    def events(self) -> "models.QuerySet[JobEvent]":
        """What happened to it, oldest first."""
        return JobEvent.objects.filter(kind=self.kind(), job_id=self.pk).order_by("pk")

    def record_event(self, name: EventName, text: str = "") -> None:
        """Add a row to its events."""
        JobEvent.objects.create(kind=self.kind(), job_id=self.pk, attempt=self.attempt, name=name, text=text)


class JobEvent(models.Model):
    """Something that happened to a job, with its attempt at that time."""

    kind = models.CharField(max_length=50)
    job_id = models.BigIntegerField()
    attempt = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(default=timezone.now)
    name = models.CharField(max_length=30, choices=EventName)
    text = MessageField(blank=True)

    class Meta:
        verbose_name = _("event of a job")
        verbose_name_plural = _("events of jobs")
        indexes = [models.Index(fields=["kind", "job_id"], name="jobs_event_of")]

    def __str__(self) -> str:
        """Name the event and its job."""
        return f"{self.kind} {self.job_id}: {self.name}"


class Deployment(models.Model):
    """One row: what all processes on one database have in common."""

    identity = models.CharField(_("identity"), max_length=32)
    """Of the folder with the files that the rows speak of; it stands in that folder as well (`files`)."""
    clock_ticks = models.BigIntegerField(default=0)
    """How often a clock has done its work: whoever looks twice sees whether one lives."""

    class Meta:
        verbose_name = _("folder of files")
        verbose_name_plural = _("folder of files")

    def __str__(self) -> str:
        """Name it by its folder."""
        return self.identity


class WorkerProcess(models.Model):
    """A worker that shows each period that it lives, at times of the database's own clock."""

    name = models.CharField(max_length=200, unique=True)
    host = models.CharField(max_length=190, db_index=True)
    queues = models.JSONField()
    folder = models.CharField(max_length=400)
    has_files = models.BooleanField()
    """Whether its folder is the one whose files the rows speak of; without them it takes no job."""
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("worker")
        verbose_name_plural = _("workers")

    def __str__(self) -> str:
        """Name its machine and process."""
        return self.name
