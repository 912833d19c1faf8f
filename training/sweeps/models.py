"""Tables of sweeps.

A sweep has no state of its own: its trials are ordinary runs, and their states say where it stands (`Progress`).
"""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

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
from training.sweeps.spaces import Space
from training.sweeps.strategies import STRATEGIES


@dataclass(frozen=True)
class Progress:
    """How many trials of a sweep are in which state."""

    counts: Counter[str]

    @property
    def total(self) -> int:
        """All trials."""
        return self.counts.total()

    @property
    def ended(self) -> int:
        """Those to which nothing more will happen."""
        return self.total - self.counts[State.QUEUED] - self.counts[State.RUNNING]

    @property
    def state(self) -> State:
        """Where the sweep stands: running as long as anything is to be done and something has begun."""
        if self.ended < self.total:
            return State.RUNNING if self.ended or self.counts[State.RUNNING] else State.QUEUED
        if self.counts[State.CANCELLED]:
            return State.CANCELLED
        return State.SUCCEEDED if self.counts[State.SUCCEEDED] else State.FAILED

    @property
    def is_finished(self) -> bool:
        """Whether every trial has ended."""
        return self.ended == self.total


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

    @cached_property
    def progress(self) -> Progress:
        """How many of its trials are in which state, as they were when it was first asked for."""
        return Progress(Counter(trial.run.state for trial in self.trials.select_related("run")))

    def runs(self) -> QuerySet[Run]:
        """Its trials' runs, in order."""
        return Run.objects.filter(trial__sweep=self).order_by("trial__position")

    def best(self) -> "Trial | None":
        """The trial with the highest validation accuracy of those that ended well; among equals the first."""
        ended = self.trials.filter(run__state=State.SUCCEEDED, run__validation_accuracy__isnull=False)
        return ended.select_related("run").order_by(F("run__validation_accuracy").desc(), "position").first()


class Trial(models.Model):
    """A run inside a sweep: its place and its values of the varied hyperparameters."""

    sweep = models.ForeignKey(Sweep, models.CASCADE, related_name="trials")
    run = models.OneToOneField(Run, models.CASCADE, related_name="trial")
    position = models.PositiveIntegerField()
    values = models.JSONField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["sweep", "position"], name="one_trial_a_position")]

    def __str__(self) -> str:
        """Name it by its values."""
        return ", ".join(f"{name} = {value}" for name, value in self.values.items())
