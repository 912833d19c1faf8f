"""Tables of what people enter: a meter's value, the line that a chip printed."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from recognizer.models import StoredModel

IMAGES = 10_000
"""That energy is told for."""
LARGEST_VALUE = 1e9


class MeterUnit(models.TextChoices):
    """What a meter shows."""

    WATTS = "W", _("W on average, while it was timed")
    JOULES = "J", _("J for the images below")
    MILLIWATT_HOURS = "mWh", _("mWh for the images below")


class Entered(models.Model):
    """By whom, and when."""

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("entered by")
    )
    created_at = models.DateTimeField(_("entered"), default=timezone.now)

    class Meta:
        abstract = True


class MeterReading(Entered):
    """What a meter showed while a benchmark ran. The newest counts; those that it corrects stay beside it."""

    benchmark = models.ForeignKey("devices.Benchmark", models.CASCADE, related_name="meter_readings")
    value = models.FloatField(_("value"))
    unit = models.CharField(_("unit"), max_length=5, choices=MeterUnit)
    images = models.PositiveIntegerField(
        _("images"),
        default=IMAGES,
        validators=[MinValueValidator(1)],
        help_text=_("Of the energy: warm-up and every repeat that the meter ran through. Watts need none."),
    )
    subject = models.CharField(
        _("what was measured"),
        max_length=200,
        help_text=_("Such as: the whole board at its USB plug, idle power included, meter UM25C."),
    )
    joules_for_10000 = models.FloatField(_("J for 10,000 images"), editable=False)

    class Meta:
        verbose_name = _("value of a meter")
        verbose_name_plural = _("values of meters")
        ordering = ["-pk"]

    def __str__(self) -> str:
        """As it was entered."""
        return f"{self.value:g} {self.unit}"


class ChipResult(Entered):
    """The line that a chip printed (`chip_line`), or that a program printed which stood in for one."""

    chip = models.CharField(
        _("chip"), max_length=100, help_text=_("With the board, such as: Arduino Uno (ATmega328P, 16 MHz).")
    )
    is_simulated = models.BooleanField(
        _("simulated"), default=False, help_text=_("Printed by a simulator, such as simavr, and by no chip.")
    )
    model = models.ForeignKey(StoredModel, models.CASCADE, related_name="+", verbose_name=_("model"))
    line = models.CharField(_("line"), max_length=200, unique=True)
    images = models.PositiveBigIntegerField(_("images"))
    correct = models.PositiveBigIntegerField(_("read right"))
    microseconds = models.FloatField(_("microseconds of an image"))
    longest = models.PositiveBigIntegerField(_("of the slowest"))
    flash_bytes = models.PositiveBigIntegerField(_("flash, bytes"))
    memory_bytes = models.PositiveBigIntegerField(_("memory, bytes"))

    class Meta:
        verbose_name = _("result of a chip")
        verbose_name_plural = _("results of chips")
        ordering = ["chip", "pk"]

    def __str__(self) -> str:
        """Name chip and model."""
        return f"{self.chip} · {self.model}"
