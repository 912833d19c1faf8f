"""Jobs of all kinds in one list: those that are under way, those that failed, those of one person that have ended."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from training.cleaning.models import Cleaning
from training.datasets.models import DatasetImport
from training.devices.models import Benchmark, Bundle, Compression
from training.jobs import lifecycle
from training.jobs.models import FINISHED, Job, State
from training.runs.models import Evaluation, Run
from training.sweeps.models import Phase, Sweep, Trial
from training.sweeps.web import listing

OPEN = (State.RUNNING, State.QUEUED, State.PAUSED)
"""States of a job that has not ended, in the order in which a list shows them."""
MOST = 12
"""Jobs of a list."""
FAILED_DAYS = 7
"""For so long a failed job asks for a decision."""
NAMED_BY = {Cleaning: ("dataset",), Evaluation: ("model", "dataset"), Benchmark: ("model",), Compression: ("model",)}
"""What the name of a job is made of, read together with it."""


@dataclass(frozen=True)
class ShownJob:
    """A job as a list shows it.

    Attributes:
        job: its row.
        kind: what it is, in a word.
        address: of its page, or of the page of what it is about.

    """

    job: Any
    kind: str
    address: str

    @classmethod
    def of(cls, job: Job) -> "ShownJob":
        """Say what a job is and where it can be looked at."""
        return cls(job, str(job._meta.verbose_name), address_of(job))

    @property
    def point(self) -> str:
        """The share done, 0…1, for an attribute of HTML: with a point in every language."""
        return f"{self.job.progress:.3f}"


def address_of(job: Any) -> str:
    """The page of a job; of a short one the page of its model, or of the model that came of it."""
    if isinstance(job, Cleaning) and job.state != State.SUCCEEDED:
        return reverse("cleaning:cleaning", args=[job.pk])
    if isinstance(job, Compression):
        return reverse("recognizer:detail", args=[job.result_id or job.model_id])
    if isinstance(job, Evaluation):
        return f"{reverse('recognizer:detail', args=[job.model_id])}#evaluations"
    if isinstance(job, DatasetImport) and job.dataset_id:
        return reverse("datasets:detail", args=[job.dataset_id])
    return str(job.get_absolute_url())


def under_way() -> list[ShownJob]:
    """Jobs that run, wait or rest: those that run first, then the oldest. Trials are shown by their sweep."""
    jobs = [job for state in OPEN for jobs in _each_kind() for job in jobs.filter(state=state).order_by("pk")[:MOST]]
    return [ShownJob.of(job) for job in jobs[:MOST]]


def failed() -> list[ShownJob]:
    """Jobs that failed in the last days, the last first."""
    since = timezone.now() - timedelta(days=FAILED_DAYS)
    return _newest(jobs.filter(state=State.FAILED, finished_at__gte=since) for jobs in _each_kind())


@dataclass(frozen=True)
class Ended:
    """What somebody started and what has ended.

    Attributes:
        kind, name, address: what it is, its name, its page.
        words: what it came to.
        has_failed, error: whether that is a failure, and its reason.
        at: when it ended.

    """

    kind: str
    name: str
    address: str
    words: str
    has_failed: bool
    error: str
    at: datetime

    @classmethod
    def job(cls, job: Job) -> "Ended":
        """A job that has ended."""
        state, kind = str(job.get_state_display()), str(job._meta.verbose_name)
        at = job.finished_at or job.created_at
        return cls(kind, str(job), address_of(job), state, job.state == State.FAILED, job.error, at)

    @classmethod
    def sweep(cls, sweep: Any) -> "Ended":
        """A sweep whose trials have all ended."""
        state = sweep.progress.state
        kind = str(sweep._meta.verbose_name)
        return cls(kind, str(sweep), sweep.get_absolute_url(), str(state.label), state == State.FAILED, "", sweep.at)


def ended_of(user: User, since: datetime) -> list[Ended]:
    """What somebody has started and what has ended since then, the last first; trials are told of by their sweep."""
    jobs = _newest(jobs.filter(created_by=user, finished_at__gt=since, state__in=FINISHED) for jobs in _each_kind())
    ended = [Ended.job(shown.job) for shown in jobs] + [Ended.sweep(sweep) for sweep in _ended_sweeps(user, since)]
    return sorted(ended, key=lambda each: each.at, reverse=True)


def _ended_sweeps(user: User, since: datetime) -> list[Sweep]:
    """Somebody's sweeps whose last trial has ended since then, each with that moment as `at`."""
    closed = Sweep.objects.filter(created_by=user, phase=Phase.CLOSED, trials__run__finished_at__gt=since)
    open_ones = Trial.objects.filter(run__state__in=OPEN).values("sweep")
    ended: list[Sweep] = list(closed.exclude(pk__in=open_ones).annotate(at=Max("trials__run__finished_at"))[:MOST])
    listing.count_trials(ended)
    return ended


def _each_kind() -> list[QuerySet[Any]]:
    """The jobs of each kind that people start."""
    return [_of_kind(kind) for kind in lifecycle.kinds() if kind is not Bundle]


def _of_kind(kind: type[Job]) -> QuerySet[Any]:
    jobs: QuerySet[Any] = kind._default_manager.select_related(*NAMED_BY.get(kind, ()))
    return jobs.filter(is_trial=False) if kind is Run else jobs


def _newest(of_kinds: Iterable[QuerySet[Any]]) -> list[ShownJob]:
    jobs = [job for jobs in of_kinds for job in jobs.order_by("-finished_at")[:MOST]]
    jobs.sort(key=lambda job: job.finished_at, reverse=True)
    return [ShownJob.of(job) for job in jobs[:MOST]]
