"""The tables of runs and evaluations.

A run is a Job: its states and transitions stand in `training.jobs.models`. While it is running, each finished epoch
leaves one row of `Epoch` and one checkpoint; both are refused once another attempt has the run. `succeeded` is written
with the test figures and the model, in one transaction.
"""

from typing import Any, ClassVar

import numpy as np
from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from recognizer.messages import gettext
from recognizer.models import StoredModel
from training.core.hyperparameters import Hyperparameters
from training.datasets.models import Dataset
from training.jobs.models import CannotStartError, Job
from training.runs import code_version

Counts = NDArray[np.int64]


class Tag(models.Model):
    """A word by which people find runs again."""

    name = models.CharField(_("name"), max_length=40, unique=True)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]

    def __str__(self) -> str:
        """Give the word."""
        return self.name


class Run(Job):
    """One training on one or several data sets."""

    TASK: ClassVar[str] = "runs.train_next"
    QUEUE: ClassVar[str] = "training"
    CODE_VERSION: ClassVar[int] = code_version.CODE_VERSION

    name = models.CharField(_("name of the model"), max_length=80, editable=False)
    parent = models.ForeignKey(
        "self", models.SET_NULL, null=True, editable=False, related_name="copies", verbose_name=_("copied from")
    )
    """The run whose recipe it began with, if somebody copied one."""
    preset = models.CharField(_("preset"), max_length=40, blank=True, editable=False)
    hyperparameters = models.JSONField(_("hyperparameters"), editable=False)
    is_trial = models.BooleanField(_("trial of a sweep"), default=False, editable=False)
    """A trial of a sweep: its test split is not scored and its network stays out of the catalogue."""
    datasets = models.ManyToManyField(Dataset, through="RunDataset", verbose_name=_("data sets"), related_name="runs")
    notes = models.TextField(_("notes"), blank=True, max_length=4000)
    tags = models.ManyToManyField(Tag, verbose_name=_("tags"), related_name="runs", blank=True)
    letters = models.TextField(_("letters"), editable=False)
    training_images = models.PositiveIntegerField(_("training images"), default=0, editable=False)
    epoch = models.PositiveIntegerField(_("epoch"), default=0, editable=False)
    """The last finished one."""
    validation_accuracy = models.FloatField(_("validation accuracy"), null=True, editable=False)
    best_validation_accuracy = models.FloatField(_("best validation accuracy"), null=True, editable=False)
    best_epoch = models.PositiveIntegerField(_("best epoch"), null=True, editable=False)
    test_accuracy = models.FloatField(_("test accuracy"), null=True, editable=False)
    diverged_epoch = models.PositiveIntegerField(_("diverged in epoch"), null=True, editable=False)
    weights_sha256 = models.CharField(_("SHA-256 of the weights"), max_length=64, blank=True, editable=False)
    stored_model = models.ForeignKey(
        StoredModel, models.SET_NULL, null=True, editable=False, related_name="runs", verbose_name=_("model")
    )

    class Meta(Job.Meta):
        abstract = False
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        """Name it by its number and its model's name."""
        return f"{self.pk}: {self.name}"

    def get_absolute_url(self) -> str:
        """Address of its public page."""
        return reverse("runs:detail", args=[self.pk])

    def check_can_start(self) -> None:
        """Check that its data sets and teachers are still there, and what they were.

        Raises:
            CannotStartError: one was deleted, or has changed.

        """
        for source in self.sources.select_related("dataset"):
            source.found()
        for teacher in self.teachers.select_related("model"):
            teacher.found()

    @property
    def recipe(self) -> Hyperparameters:
        """Its hyperparameters, checked again."""
        return Hyperparameters.from_mapping(self.hyperparameters)

    @property
    def epochs(self) -> int:
        """How many epochs it trains."""
        return int(self.hyperparameters["epochs"])

    @property
    def seed(self) -> int:
        """The seed of all its random numbers."""
        return int(self.hyperparameters["seed"])

    @property
    def architecture(self) -> str:
        """The hidden layers as a person writes them: `256-128`."""
        return "-".join(map(str, self.hyperparameters["hidden_layers"])) or "–"

    def confusion(self) -> Counts | None:
        """Confusion matrix (k, k), written by predicted, over the test splits that count; None before the end."""
        matrices = [
            np.array(source.confusion) for source in self.sources.filter(counts_in_metrics=True) if source.confusion
        ]
        return np.sum(matrices, axis=0) if matrices else None


def _tag_of_a_run(row: Any) -> str:
    return str(row.tag)


_TAG_OF_A_RUN = Run.tags.through
_TAG_OF_A_RUN._meta.verbose_name, _TAG_OF_A_RUN._meta.verbose_name_plural = _("tag of a run"), _("tags of runs")
setattr(_TAG_OF_A_RUN, "__str__", _tag_of_a_run)  # noqa: B010  # the table that Django makes, named where it is listed


class RunDataset(models.Model):
    """A data set of a run, in its place, with the scores of the network on it."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="sources")
    dataset = models.ForeignKey(Dataset, models.SET_NULL, null=True, related_name="uses")
    name = models.CharField(max_length=100)
    content_sha256 = models.CharField(max_length=64)
    place = models.PositiveSmallIntegerField()
    counts_in_metrics = models.BooleanField(default=True)
    """Whether its pictures count in the run's own figures; synthetic letters beside letters of people do not."""
    validation_accuracy = models.FloatField(null=True)
    test_images = models.PositiveIntegerField(null=True)
    test_accuracy = models.FloatField(null=True)
    test_top5 = models.FloatField(null=True)
    confusion = models.JSONField(null=True)

    class Meta:
        verbose_name = _("data set of a run")
        verbose_name_plural = _("data sets of runs")
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["run", "place"], name="one_data_set_a_place")]

    def __str__(self) -> str:
        """Name the data set, which may be deleted by now."""
        return self.name

    def found(self) -> Dataset:
        """The data set, as it was when the run was made.

        Raises:
            CannotStartError: it was deleted, or has changed.

        """
        if self.dataset is None:
            raise CannotStartError(gettext("Data set “%(name)s” was deleted.") % {"name": self.name})
        if self.dataset.content_sha256 != self.content_sha256:
            raise CannotStartError(
                gettext("Data set “%(name)s” has changed since the run was made.") % {"name": self.name}
            )
        return self.dataset


class RunTeacher(models.Model):
    """A teacher of a run. Its weights are named by their SHA-256, which a copy of the model shares."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="teachers")
    model = models.ForeignKey(StoredModel, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=100)
    weights_sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("teacher of a run")
        verbose_name_plural = _("teachers of runs")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["run", "weights_sha256"], name="a_teacher_once")]

    def __str__(self) -> str:
        """Name the model, which may be deleted by now."""
        return self.name

    def found(self) -> StoredModel:
        """The model, or another one with its weights.

        Raises:
            CannotStartError: it was deleted, and no model has its weights.

        """
        model = self.model or StoredModel.objects.filter(weights_sha256=self.weights_sha256).first()
        if model is None:
            raise CannotStartError(gettext("Teacher “%(name)s” was deleted.") % {"name": self.name})
        return model


class Epoch(models.Model):
    """The metrics of one epoch of a run."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="rows")
    epoch = models.PositiveIntegerField(_("epoch"))
    train_cost = models.FloatField(_("train cost"))
    train_accuracy = models.FloatField(_("train accuracy"))
    validation_cost = models.FloatField(_("validation cost"))
    validation_accuracy = models.FloatField(_("validation accuracy"))
    seconds = models.FloatField(_("seconds"))
    ended_at = models.DateTimeField(_("ended"), default=timezone.now)

    class Meta:
        verbose_name = _("epoch")
        verbose_name_plural = _("epochs")
        ordering = ["epoch"]
        constraints = [models.UniqueConstraint(fields=["run", "epoch"], name="one_row_an_epoch")]

    def __str__(self) -> str:
        """Name the epoch."""
        return f"{self.run_id}: {self.epoch}"


class SplitKey(models.TextChoices):
    """The key of a split, as an evaluation's row stores it."""

    TEST = "test", _("test")
    VALIDATION = "validation", _("validation")
    TRAIN = "train", _("train")


class Evaluation(Job):
    """One scoring of a stored model on a split of a data set."""

    TASK: ClassVar[str] = "runs.evaluate_next"
    QUEUE: ClassVar[str] = "short"

    model = models.ForeignKey(StoredModel, models.CASCADE, related_name="evaluations", verbose_name=_("model"))
    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="evaluations", verbose_name=_("data set"))
    split = models.CharField(_("split"), max_length=10, choices=SplitKey, default=SplitKey.TEST)
    images = models.PositiveIntegerField(_("images"), null=True, editable=False)
    accuracy = models.FloatField(_("accuracy"), null=True, editable=False)
    top5 = models.FloatField(_("among the five best"), null=True, editable=False)
    confusion = models.JSONField(null=True, editable=False)

    class Meta(Job.Meta):
        abstract = False
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        """Name what is scored on what."""
        return f"{self.model} · {self.dataset}"


class ListColumns(models.Model):
    """The columns that a person has chosen for the lists of runs."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="run_columns")
    keys = models.JSONField()

    class Meta:
        verbose_name = _("chosen columns")
        verbose_name_plural = _("chosen columns")

    def __str__(self) -> str:
        """Name them."""
        return ", ".join(self.keys)


def model_name(hyperparameters: Hyperparameters, names: list[str]) -> str:
    """Name a model after its data sets and hidden layers: `cmnist+comnist 256-128`."""
    layers = "-".join(map(str, hyperparameters.hidden_layers))
    return f"{'+'.join(names)} {layers}".strip()[:80]


def plain_figures(run: Run) -> dict[str, Any]:
    """The figures of a run that `train --json` prints."""
    return {
        "run": run.pk,
        "state": run.state,
        "validation_accuracy": run.validation_accuracy,
        "test_accuracy": run.test_accuracy,
        "weights_sha256": run.weights_sha256 or None,
        "seconds": run.seconds,
    }
