"""Tables of devices: machines, timings on them, and models made smaller.

A benchmark and a compression are Jobs: their states and transitions stand in `training.jobs.models`. `succeeded` comes
together with the results (and the device, or the new model) in one transaction.
"""

from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from recognizer.core.precision import PRECISIONS as STORED_PRECISIONS
from recognizer.messages import MessageField
from recognizer.models import StoredModel
from training.datasets.models import Dataset
from training.devices import entered  # noqa: F401  (tables of this app)
from training.devices.measurement import BACKENDS, BROWSER_BACKENDS, LIMITS, SUSTAINED, Workload
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


class DeviceKind(models.TextChoices):
    """What measures; devices of different kinds are never set side by side."""

    COMPUTER = "computer", _("computer")
    BROWSER = "browser", _("browser")


class Device(models.Model):
    """A machine that a benchmark has run on, or may. Its sheet is read from the machine itself.

    One that has a token asks for its benchmarks itself (`training.devices.fleet`); of the token a hash is kept.
    """

    kind = models.CharField(
        _("kind"), max_length=20, choices=DeviceKind, default=DeviceKind.COMPUTER, db_index=True, editable=False
    )
    key = models.CharField(_("key"), max_length=32, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=100)
    note = models.TextField(_("note"), blank=True)
    sheet = models.JSONField(_("sheet"), editable=False)
    corrections = models.JSONField(_("corrections"), default=dict, editable=False)
    """Rows of the sheet that a person knows better; they stay when the machine is read anew."""
    token_sha256 = models.CharField(_("SHA-256 of the token"), max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001  (many have none, and it is unique)
    token_at = models.DateTimeField(_("token given"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("token revoked"), null=True, editable=False)
    has_queue = models.BooleanField(_("a queue of its own"), default=False, editable=False)
    """Whether it was given a user of Redis: its agent is woken there (`training.devices.fleet.access`)."""
    agent_version = models.PositiveIntegerField(_("version of its agent"), null=True, editable=False)
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
    def has_agent(self) -> bool:
        """Whether it asks for benchmarks itself, with a token that holds."""
        return self.token_sha256 is not None and self.revoked_at is None

    @property
    def rows(self) -> DeviceSheet:
        """Its sheet by the rows of Table 4, as corrected."""
        return DeviceSheet.from_dict({**self.sheet, **self.corrections})


class DeviceCode(models.Model):
    """A single-use code with which a machine becomes a device, or the device that it names; only a hash is kept."""

    code_sha256 = models.CharField(_("SHA-256 of the code"), max_length=64, unique=True)
    device = models.ForeignKey(Device, models.CASCADE, null=True, related_name="codes", verbose_name=_("device"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("created by")
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires"))
    used_at = models.DateTimeField(_("used"), null=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True)

    class Meta:
        verbose_name = _("code of a device")
        verbose_name_plural = _("codes of devices")
        ordering = ["-pk"]

    def __str__(self) -> str:
        """Name it by when it was made."""
        return f"{self.created_at:%Y-%m-%d %H:%M}"


class Invitation(models.Model):
    """An address under which browsers become devices without an account: until when, how many, and with which model.

    Its code is no secret once it is on a blackboard: it is kept as it is, so that its page can show it again.
    """

    code = models.CharField(_("code"), max_length=20, unique=True)
    model = models.ForeignKey(StoredModel, models.CASCADE, related_name="+", verbose_name=_("model"))
    most = models.PositiveIntegerField(_("devices at most"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("created by")
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires"))
    closed_at = models.DateTimeField(_("closed"), null=True)
    cleared_at = models.DateTimeField(null=True, db_index=True)
    """When what its browsers left undone was given up."""

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-pk"]

    def __str__(self) -> str:
        """Name it by its code."""
        return self.code

    def get_absolute_url(self) -> str:
        """Address of its public page."""
        return reverse("devices:invitation", args=[self.code])

    @property
    def is_open(self) -> bool:
        """Whether a browser may still begin."""
        return self.closed_at is None and timezone.now() < self.expires_at


class Bundle(Job):
    """What devices are given besides a model: fixed, seeded images with their labels, and how many are read right here.

    Made by a worker, once for each model, precision and data set; its file is named by its SHA-256.
    """

    TASK: ClassVar[str] = "devices.bundle_next"
    QUEUE: ClassVar[str] = "short"

    model = models.ForeignKey(StoredModel, models.CASCADE, related_name="bundles", verbose_name=_("model"))
    precision = models.CharField(_("precision"), max_length=20, choices=Precision)
    wanted_dataset = models.ForeignKey(
        Dataset, models.CASCADE, null=True, related_name="+", verbose_name=_("data set"), help_text=_("None: any.")
    )
    dataset_name = models.CharField(_("data set"), max_length=100, blank=True)
    made = models.BooleanField(_("synthetic letters"), default=False)
    inputs_sha256 = models.CharField("SHA-256", max_length=64, blank=True, db_index=True)
    inputs_bytes = models.PositiveBigIntegerField(_("bytes"), default=0)
    images = models.PositiveIntegerField(_("images"), default=0)
    correct = models.PositiveIntegerField(_("read right"), default=0)

    class Meta(Job.Meta):
        abstract = False
        verbose_name = _("images for devices")
        verbose_name_plural = _("images for devices")

    def __str__(self) -> str:
        """Name its model."""
        return f"{self.model} · {self.get_precision_display()}"


class Benchmark(Job):
    """One timing of a model on a device."""

    TASK: ClassVar[str] = "devices.benchmark_next"
    QUEUE: ClassVar[str] = "benchmarks"

    model = models.ForeignKey(StoredModel, models.CASCADE, related_name="benchmarks", verbose_name=_("model"))
    precision = models.CharField(_("precision"), max_length=20, choices=Precision, default=Workload.precision)
    backend = models.CharField(
        _("backend"),
        max_length=20,
        choices=[(name, name) for name in (*BACKENDS, *BROWSER_BACKENDS)],
        default=Workload.backend,
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
    sustained_seconds = models.PositiveIntegerField(
        _("sustained, seconds"),
        default=0,
        validators=[MaxValueValidator(SUSTAINED[1])],
        help_text=_("60 or more: pass after pass for so long, which shows whether the device slows down. 0: repeats."),
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
    bundle = models.ForeignKey(Bundle, models.SET_NULL, null=True, editable=False, related_name="benchmarks")
    invitation = models.ForeignKey(
        Invitation, models.SET_NULL, null=True, editable=False, related_name="benchmarks", verbose_name=_("invitation")
    )
    """By which a browser came to measure this; None for other devices."""
    results = models.JSONField(_("results"), null=True, editable=False)
    result_id = models.UUIDField(null=True, unique=True, editable=False)
    """Given by the agent: a result that is posted twice is one."""
    invalid = MessageField(_("not valid"), blank=True, editable=False)
    """Why its figures are on no board, if they are not."""

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
        return Workload(
            self.precision, self.backend, self.images, self.batch_size, self.repeats, self.sustained_seconds
        )

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
