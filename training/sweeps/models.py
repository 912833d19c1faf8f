"""Tables of sweeps.

A sweep's trials are ordinary runs. What the sweep itself does is its phase, and each change of it is one conditional
UPDATE that also raises `generation`, so that of two who want to change a sweep at once only one does:

    searching ──limit reached──▶ repeating ──all repeats made──▶ closed
      │   ▲  └───────────no repeats wanted──────────────────────▶ closed ──extended──▶ searching
      │   └──resumed── paused ◀──paused── searching | repeating
      └──stopped, cancelled──▶ closed

Trials are proposed few at a time while it is searching (`proposing`). Where it stands is told by phase and trials
together (`Progress`): a closed sweep whose last trials still train is running.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from training.core.hyperparameters import Hyperparameters
from training.datasets.models import Dataset
from training.jobs.models import State
from training.runs.models import Run
from training.sweeps.options import PRUNERS
from training.sweeps.spaces import Space
from training.sweeps.strategies import STRATEGIES

OPEN = (State.QUEUED, State.RUNNING, State.PAUSED)
"""States of a trial to which more will happen."""


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
    TRIALS = "trials", _("all trials that were allowed were made")
    HOURS = "hours", _("its time is over")
    TARGET = "target", _("the accuracy that was wanted is reached")
    PATIENCE = "patience", _("the last trials gained nothing")
    STOPPED = "stopped", _("it was stopped")
    CANCELLED = "cancelled", _("it was cancelled")
    DATASET = "dataset", _("its data set was deleted")
    FAILING = "failing", _("every trial fails: see their errors")


class Kind(models.TextChoices):
    """Where a trial comes from."""

    PROPOSED = "proposed", _("proposed")
    MANUAL = "manual", _("by hand")
    REPEAT = "repeat", _("repeat")


@dataclass(frozen=True)
class Progress:
    """Where a sweep stands.

    Attributes:
        counts: its trials by state.
        phase, reason: of the sweep.
        planned: trials that it is to have at most, as far as is known.

    """

    counts: Counter[str]
    phase: str = Phase.CLOSED
    reason: str = ""
    planned: int = 0

    @property
    def open(self) -> int:
        """Trials to which more will happen."""
        return sum(self.counts[state] for state in OPEN)

    @property
    def ended(self) -> int:
        """Trials to which nothing more will happen."""
        return self.counts.total() - self.open

    @property
    def total(self) -> int:
        """Trials that there are, or will be at most."""
        return max(self.counts.total(), self.planned if self.phase != Phase.CLOSED else 0)

    @property
    def is_finished(self) -> bool:
        """Whether nothing more happens by itself; what is paused waits for somebody."""
        return self.phase == Phase.CLOSED and not self.open

    @property
    def state(self) -> State:
        """Where it stands, in the words of jobs."""
        if self.phase == Phase.PAUSED and not self.counts[State.RUNNING]:
            return State.PAUSED
        if not self.is_finished:
            return State.RUNNING if self.ended or self.counts[State.RUNNING] else State.QUEUED
        if self.reason == Reason.CANCELLED:
            return State.CANCELLED
        return State.SUCCEEDED if self.counts[State.SUCCEEDED] else State.FAILED


class Sweep(models.Model):
    """Many runs over a search space."""

    name = models.CharField(_("name"), max_length=80)
    dataset = models.ForeignKey(
        Dataset, models.SET_NULL, null=True, related_name="sweeps", verbose_name=_("data set"), editable=False
    )
    strategy = models.CharField(
        _("strategy"), max_length=20, choices=[(name, each.label) for name, each in STRATEGIES.items()], editable=False
    )
    preset = models.CharField(_("preset"), max_length=40, blank=True, editable=False)
    base = models.JSONField(_("hyperparameters"), editable=False)
    space = models.JSONField(_("space"), editable=False)
    seed = models.PositiveBigIntegerField(_("seed of the search"), default=0, editable=False)
    objectives = models.JSONField(_("objectives"), default=list, editable=False)
    prune = models.CharField(_("pruning"), max_length=10, blank=True, choices=PRUNERS, editable=False)
    max_trials = models.PositiveIntegerField(_("most trials"), default=0, editable=False)
    max_hours = models.FloatField(_("most hours"), null=True, editable=False)
    parallel = models.PositiveIntegerField(_("most at once"), null=True, editable=False)
    target = models.FloatField(_("accuracy wanted"), null=True, editable=False)
    patience = models.PositiveIntegerField(_("trials without gain"), null=True, editable=False)
    repeat_best = models.PositiveIntegerField(_("best trials repeated"), default=0, editable=False)
    repeats = models.PositiveIntegerField(_("repeats of each"), default=0, editable=False)

    phase = models.CharField(max_length=10, choices=Phase, default=Phase.SEARCHING, db_index=True, editable=False)
    reason = models.CharField(max_length=10, choices=Reason, blank=True, editable=False)
    generation = models.PositiveIntegerField(default=0, editable=False)
    """Raised by every change: who decided on an older one decides again."""
    clock_seconds = models.FloatField(default=0.0, editable=False)
    clock_started_at = models.DateTimeField(null=True, default=timezone.now, editable=False)
    """The hours that it has searched: seconds before, and since when again."""
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
        return self.name

    def get_absolute_url(self) -> str:
        """Address of its public page."""
        return reverse("sweeps:detail", args=[self.pk])

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
        """What it pursues, accuracy first where nothing was said."""
        return tuple(self.objectives) or ("accuracy",)

    @property
    def is_active(self) -> bool:
        """Whether it proposes trials."""
        return self.phase in ACTIVE

    @property
    def planned(self) -> int:
        """Trials that it is to have at most, with the repeats."""
        return self.max_trials + self.repeat_best * self.repeats

    def searched(self, now: datetime) -> timedelta:
        """How long it has searched, pauses apart."""
        running = now - self.clock_started_at if self.clock_started_at else timedelta()
        return timedelta(seconds=self.clock_seconds) + running

    def change(self, *, phases: tuple[str, ...], **fields: Any) -> bool:
        """Change it, if it is as this object has it and in one of these phases; False where somebody was quicker."""
        rows = Sweep.objects.filter(pk=self.pk, generation=self.generation, phase__in=phases)
        changed = rows.update(generation=F("generation") + 1, **fields)
        if changed:
            self.generation += 1
            for name, value in fields.items():
                setattr(self, name, value)
        return bool(changed)

    @cached_property
    def progress(self) -> Progress:
        """Where it stands, as it was when it was first asked for."""
        states = Counter(self.trials.values_list("run__state", flat=True))
        return Progress(states, self.phase, self.reason, self.planned)

    def runs(self) -> QuerySet[Run]:
        """Its trials' runs, in order."""
        return Run.objects.filter(trial__sweep=self).order_by("trial__position")

    def best(self) -> "Trial | None":
        """The trial with the highest validation accuracy of those that ended well; among equals the first."""
        return self.by_accuracy().first()

    def by_accuracy(self) -> "QuerySet[Trial]":
        """The trials that ended well with their runs, the best first.

        Repeats are apart: they tell how much of an accuracy is luck.
        """
        ended = self.trials.filter(run__state=State.SUCCEEDED, run__validation_accuracy__isnull=False)
        searched = ended.exclude(kind=Kind.REPEAT).select_related("run")
        return searched.order_by(F("run__validation_accuracy").desc(), "position")


class Trial(models.Model):
    """A run inside a sweep: its place and its values of the varied hyperparameters."""

    sweep = models.ForeignKey(Sweep, models.CASCADE, related_name="trials")
    run = models.OneToOneField(Run, models.CASCADE, related_name="trial")
    position = models.PositiveIntegerField()
    values = models.JSONField()
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PROPOSED)
    repeat_of = models.ForeignKey("self", models.CASCADE, null=True, related_name="repeats")
    attributes = models.JSONField(default=dict)
    """What the strategy remembers with it."""
    parameters = models.PositiveIntegerField(default=0)
    inference_seconds = models.FloatField(null=True)
    """Median time of reading one letter with such layers, where the sweep pursues it."""

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["sweep", "position"], name="one_trial_a_position")]

    def __str__(self) -> str:
        """Name it by its values."""
        return ", ".join(f"{name} = {value}" for name, value in self.values.items())
