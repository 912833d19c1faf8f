"""Tables of devices: machines, timings on them, and models made smaller.

A benchmark and a compression are Jobs: their states and transitions stand in `training.jobs.models`. `succeeded` comes
together with the results (and the device, or the new model) in one transaction.
"""

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from recognizer.core.precision import PRECISIONS as STORED_PRECISIONS
from recognizer.models import StoredModel
from training.datasets.models import Dataset
from training.devices.measurement import BACKENDS, LIMITS, Workload
from training.devices.sheet import DeviceSheet
from training.jobs.models import Job

MOST_EPOCHS = 500
MOST_NEURONS = 90


class Precision(models.TextChoices):
    """How a timed network computes: the keys of `measurement.PRECISIONS`."""

    FP32 = "fp32", "fp32"
    FP16 = "fp16", _("fp16, stored")
    FP16_NATIVE = "fp16-native", _("fp16, computed natively")
    INT8_WEIGHTS = "int8-weights", _("int8 weights, stored")
    INT8 = "int8", "int8"
    INT4 = "int4", "int4"
    INT2 = "int2", "int2"


class Device(models.Model):
    """A machine that a benchmark has run on. Its sheet is read from the machine itself."""

    key = models.CharField(_("key"), max_length=32, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=100)
    note = models.TextField(_("note"), blank=True)
    sheet = models.JSONField(_("sheet"), editable=False)
    first_seen_at = models.DateTimeField(_("first seen"), default=timezone.now, editable=False)
    seen_at = models.DateTimeField(_("last seen"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("device")
        verbose_name_plural = _("devices")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        """Name it."""
        return self.name

    def get_absolute_url(self) -> str:
        """Address of its public page."""
        return reverse("devices:detail", args=[self.pk])

    @property
    def rows(self) -> DeviceSheet:
        """Its sheet by the rows of Table 4."""
        return DeviceSheet.from_dict(self.sheet)


class Benchmark(Job):
    """One timing of a model on a device."""

    TASK: ClassVar[str] = "devices.benchmark_next"
    QUEUE: ClassVar[str] = "benchmarks"

    model = models.ForeignKey(StoredModel, models.CASCADE, related_name="benchmarks", verbose_name=_("model"))
    precision = models.CharField(_("precision"), max_length=20, choices=Precision, default=Workload.precision)
    backend = models.CharField(
        _("backend"), max_length=20, choices=[(name, name) for name in BACKENDS], default=Workload.backend
    )
    images = models.PositiveIntegerField(
        _("images"),
        default=Workload.images,
        validators=[MinValueValidator(1), MaxValueValidator(LIMITS["images"])],
        help_text=_("Of one repeat; the thesis timed 10,000."),
    )
    batch_size = models.PositiveIntegerField(
        _("batch size"),
        default=Workload.batch_size,
        validators=[MinValueValidator(1), MaxValueValidator(LIMITS["batch_size"])],
        help_text=_("Images that the network is given at once; 1: one by one."),
    )
    repeats = models.PositiveIntegerField(
        _("repeats"),
        default=Workload.repeats,
        validators=[MinValueValidator(1), MaxValueValidator(LIMITS["repeats"])],
        help_text=_("The result is their median."),
    )
    dataset = models.ForeignKey(
        Dataset,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("data set"),
        help_text=_("Its test images are read. Empty: the largest data set of the model's letters."),
    )
    wanted_device = models.ForeignKey(
        Device,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("only on"),
        help_text=_("Empty: on any device that has a worker."),
    )
    device = models.ForeignKey(
        Device, models.CASCADE, null=True, editable=False, related_name="benchmarks", verbose_name=_("device")
    )
    results = models.JSONField(_("results"), null=True, editable=False)

    class Meta(Job.Meta):
        abstract = False
        verbose_name = _("benchmark")
        verbose_name_plural = _("benchmarks")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        """Name what is timed."""
        return f"{self.model} · {self.get_precision_display()}"

    def get_absolute_url(self) -> str:
        """Address of its public page."""
        return reverse("devices:benchmark", args=[self.pk])

    @property
    def workload(self) -> Workload:
        """What is to be timed."""
        return Workload(self.precision, self.backend, self.images, self.batch_size, self.repeats)

    @property
    def measured_seconds(self) -> float | None:
        """Seconds for the thesis's 10,000 images (median of the repeats); None before the end."""
        return self.results["seconds_for_10000"] if self.results else None

    @property
    def accuracy(self) -> dict[str, Any] | None:
        """`images`, `correct`, `share`, `dataset`, `made`; None before the end, or if noise was timed."""
        return self.results["accuracy"] if self.results else None


class Compression(Job):
    """A stored model made smaller, once."""

    TASK: ClassVar[str] = "devices.compress_next"
    QUEUE: ClassVar[str] = "short"

    model = models.ForeignKey(StoredModel, models.CASCADE, related_name="compressions", verbose_name=_("model"))
    precision = models.CharField(
        _("precision"),
        max_length=20,
        choices=[(name, name) for name in STORED_PRECISIONS if name != "fp32"],
        default="fp16",
    )
    epochs = models.PositiveSmallIntegerField(
        _("epochs"),
        default=0,
        validators=[MaxValueValidator(MOST_EPOCHS)],
        help_text=_("Of training in whole numbers, for int8, int4 and int2; 0: none."),
    )
    neurons = models.PositiveSmallIntegerField(
        _("neurons taken away"),
        default=0,
        validators=[MaxValueValidator(MOST_NEURONS)],
        help_text=_("Per cent of each hidden layer, for int8, int4 and int2; epochs make up for it."),
    )
    result = models.ForeignKey(
        StoredModel, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("result")
    )

    class Meta(Job.Meta):
        abstract = False
        verbose_name = _("compression")
        verbose_name_plural = _("compressions")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        """Name what becomes what."""
        return f"{self.model} → {self.precision}"
