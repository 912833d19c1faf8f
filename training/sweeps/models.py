"""Tables of sweeps.

A sweep's trials are ordinary runs. What the sweep itself does is its phase, and each change of it is one conditional
UPDATE that also raises `generation`, so that of two who want to change a sweep at once only one does:

    searching ──limit reached──▶ repeating ──all repeats made──▶ closed
      │   ▲  └───────────no repeats wanted──────────────────────▶ closed ──extended──▶ searching
      │   └──resumed── paused ◀──paused── searching | repeating
      └──stopped, cancelled──▶ closed

Trials are proposed a few at a time while it is searching (`search/deciding.py`). Its state follows from phase and
trials together (`SweepProgress`): a closed sweep whose last trials still train is running.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q, QuerySet, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from recognizer.messages import MessageField
from training.core.hyperparameters import Hyperparameters
from training.datasets.models import Dataset
from training.jobs.models import State
from training.runs.models import Run
from training.sweeps.options import PRUNERS
from training.sweeps.space.space import Space
from training.sweeps.strategies import STRATEGIES

OPEN = (State.QUEUED, State.RUNNING, State.PAUSED)
"""States of a trial that has not ended."""


class Phase(models.TextChoices):
    """What a sweep itself does."""

    SEARCHING = "searching", _("searching")
    REPEATING = "repeating", _("repeating the best")
    PAUSED = "paused", _("paused")
    CLOSED = "closed", _("closed")


ACTIVE = (Phase.SEARCHING, Phase.REPEATING)


class Reason(models.TextChoices):
    """Why a search has ended."""

    SPACE = "space", _("there is nothing left to try")
    TRIALS = "trials", _("the limit of trials is reached")
    HOURS = "hours", _("its time limit is reached")
    TARGET = "target", _("the target accuracy is reached")
    PATIENCE = "patience", _("the last trials gained nothing")
    STOPPED = "stopped", _("it was stopped")
    CANCELLED = "cancelled", _("it was cancelled")
    DATASET = "dataset", _("its data set was deleted")
    FAILING = "failing", _("every trial fails: see the errors")


class TrialKind(models.TextChoices):
    """Where a trial comes from."""

    PROPOSED = "proposed", _("proposed")
    MANUAL = "manual", _("by hand")
    REPEAT = "repeat", _("repeat")


@dataclass(frozen=True)
class SweepProgress:
    """How far a sweep has got.

    Attributes:
        counts: its trials by state.
        phase, reason: of the sweep.
        planned: trials that it will have at most, as far as is known.

    """

    counts: Counter[str]
    phase: str = Phase.CLOSED
    reason: str = ""
    planned: int = 0

    @property
    def open(self) -> int:
        """Trials that have not ended."""
        return sum(self.counts[state] for state in OPEN)

    @property
    def ended(self) -> int:
        """Trials that have ended."""
        return self.counts.total() - self.open

    @property
    def total(self) -> int:
        """Trials that it has, or will have at most."""
        return max(self.counts.total(), self.planned if self.phase != Phase.CLOSED else 0)

    @property
    def is_finished(self) -> bool:
        """Whether nothing more happens by itself; a paused sweep waits for somebody to resume it."""
        return self.phase == Phase.CLOSED and not self.open

    @property
    def state(self) -> State:
        """Its state, in the words of jobs."""
        if self.phase == Phase.PAUSED and not self.counts[State.RUNNING]:
            return State.PAUSED
        if not self.is_finished:
            return State.RUNNING if self.ended or self.counts[State.RUNNING] else State.QUEUED
        if self.reason == Reason.CANCELLED:
            return State.CANCELLED
        return State.SUCCEEDED if self.counts[State.SUCCEEDED] else State.FAILED


class Sweep(models.Model):
    """Many runs over a search space."""

    LONGEST_NAME: ClassVar[int] = 80

    name = MessageField(_("name"), max_length=LONGEST_NAME)
    dataset = models.ForeignKey(
        Dataset, models.SET_NULL, null=True, related_name="sweeps", verbose_name=_("data set"), editable=False
    )
    further_datasets = models.JSONField(default=list, db_default=Value([], models.JSONField()), editable=False)
    """Keys of the data sets that its trials train on beside the first, in this order."""
    strategy = models.CharField(
        _("strategy"), max_length=20, choices=[(name, each.label) for name, each in STRATEGIES.items()], editable=False
    )
    preset = models.CharField(_("preset"), max_length=40, blank=True, editable=False)
    base = models.JSONField(_("hyperparameters"), editable=False)
    space = models.JSONField(_("space"), editable=False)
    seed = models.PositiveBigIntegerField(_("seed of the search"), default=0, editable=False)
    objectives = models.JSONField(_("objectives"), default=list, editable=False)
    prune = models.CharField(_("pruning"), max_length=10, blank=True, choices=PRUNERS, editable=False)
    max_trials = models.PositiveIntegerField(_("trials at most"), default=0, editable=False)
    max_hours = models.FloatField(_("hours at most"), null=True, editable=False)
    parallel = models.PositiveIntegerField(_("at once at most"), null=True, editable=False)
    target = models.FloatField(_("target accuracy"), null=True, editable=False)
    patience = models.PositiveIntegerField(_("trials without gain"), null=True, editable=False)
    repeat_best = models.PositiveIntegerField(_("best trials repeated"), default=0, editable=False)
    repeats = models.PositiveIntegerField(_("repeats of each"), default=0, editable=False)

    phase = models.CharField(max_length=10, choices=Phase, default=Phase.SEARCHING, db_index=True, editable=False)
    reason = models.CharField(max_length=10, choices=Reason, blank=True, editable=False)
    generation = models.PositiveIntegerField(default=0, editable=False)
    """Raised by every change: whoever decided on an older one decides again."""
    clock_seconds = models.FloatField(default=0.0, editable=False)
    clock_started_at = models.DateTimeField(null=True, default=timezone.now, editable=False)
    """How long it has searched: seconds before the last start, and when that was."""
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("created by"),
    )

    class Meta:
        verbose_name = _("sweep")
        verbose_name_plural = _("sweeps")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        """Name it."""
        return str(self.name)

    def get_absolute_url(self) -> str:
        """Address of its public page."""
        return reverse("sweeps:detail", args=[self.pk])

    @classmethod
    def unfinished_of(cls, rows: Sequence[models.Model]) -> "list[Sweep]":
        """Those that have not ended and train on any of these data sets."""
        keys = {row.pk for row in rows}
        unfinished = cls.objects.filter(~Q(phase=Phase.CLOSED) | Q(trials__run__state__in=OPEN)).distinct()
        return [each for each in unfinished.order_by("pk") if keys & {each.dataset_id, *each.further_datasets}]

    def get_state_display(self) -> str:
        """Its state in words, as a job has them."""
        return str(self.progress.state.label)

    @property
    def datasets(self) -> list[Dataset]:
        """What its trials train on; empty once one of them was deleted."""
        if self.dataset is None or not self.further_datasets:
            return [] if self.dataset is None else [self.dataset]
        further = Dataset.objects.in_bulk(self.further_datasets)
        if len(further) < len(self.further_datasets):
            return []
        return [self.dataset, *(further[key] for key in self.further_datasets)]

    @property
    def axes(self) -> Space:
        """The space that it searches."""
        return Space.from_mapping(self.space)

    @property
    def recipe(self) -> Hyperparameters:
        """What all its trials share."""
        return Hyperparameters.from_mapping(self.base)

    @property
    def objective_names(self) -> tuple[str, ...]:
        """What it pursues; accuracy alone if nothing was chosen."""
        return tuple(self.objectives) or ("accuracy",)

    @property
    def is_active(self) -> bool:
        """Whether it proposes trials."""
        return self.phase in ACTIVE

    @property
    def planned(self) -> int:
        """Trials that it will have at most, with the repeats."""
        return self.max_trials + self.repeat_best * self.repeats

    def searched(self, now: datetime) -> timedelta:
        """How long it has searched, pauses apart."""
        running = now - self.clock_started_at if self.clock_started_at else timedelta()
        return timedelta(seconds=self.clock_seconds) + running

    def stopped_clock(self) -> dict[str, object]:
        """The fields that stop its clock now."""
        return {"clock_seconds": self.searched(timezone.now()).total_seconds(), "clock_started_at": None}

    def change(self, *, phases: tuple[str, ...], **fields: Any) -> bool:
        """Change it if it is in one of these phases and has not changed since it was read; False otherwise."""
        rows = Sweep.objects.filter(pk=self.pk, generation=self.generation, phase__in=phases)
        changed = rows.update(generation=F("generation") + 1, **fields)
        if changed:
            self.generation += 1
            for name, value in fields.items():
                setattr(self, name, value)
        return bool(changed)

    @cached_property
    def progress(self) -> SweepProgress:
        """How far it has got; read once and kept."""
        states = Counter(self.trials.values_list("run__state", flat=True))
        return SweepProgress(states, self.phase, self.reason, self.planned)

    def runs(self) -> QuerySet[Run]:
        """Its trials' runs, in order."""
        return Run.objects.filter(trial__sweep=self).order_by("trial__position")

    def best(self) -> "Trial | None":
        """The trial with the highest last validation accuracy of those that succeeded; among equals the first."""
        return self.by_accuracy().first()

    @cached_property
    def best_accuracy(self) -> float | None:
        """The highest last validation accuracy, of the trial `best`; read once and kept."""
        best = self.best()
        return None if best is None else best.run.validation_accuracy

    def by_accuracy(self) -> "QuerySet[Trial]":
        """The trials that succeeded, with their runs, the best first.

        Repeats are left out: they show how much of an accuracy is luck.
        """
        ended = self.trials.filter(run__state=State.SUCCEEDED, run__validation_accuracy__isnull=False)
        searched = ended.exclude(kind=TrialKind.REPEAT).select_related("run")
        return searched.order_by(F("run__validation_accuracy").desc(), "position")


class Trial(models.Model):
    """A run inside a sweep: its place and its values of the varied hyperparameters."""

    sweep = models.ForeignKey(Sweep, models.CASCADE, related_name="trials")
    run = models.OneToOneField(Run, models.CASCADE, related_name="trial")
    position = models.PositiveIntegerField()
    values = models.JSONField()
    kind = models.CharField(max_length=10, choices=TrialKind, default=TrialKind.PROPOSED)
    repeat_of = models.ForeignKey("self", models.CASCADE, null=True, related_name="repeats")
    attributes = models.JSONField(default=dict)
    """What the strategy stored with it."""
    parameters = models.PositiveIntegerField(default=0)
    inference_seconds = models.FloatField(null=True)
    """Median time for reading one letter with such layers, if that is an objective of the sweep."""

    class Meta:
        verbose_name = _("trial")
        verbose_name_plural = _("trials")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["sweep", "position"], name="one_trial_a_position")]

    def __str__(self) -> str:
        """Name it by its values."""
        return ", ".join(f"{name} = {value}" for name, value in self.values.items())
