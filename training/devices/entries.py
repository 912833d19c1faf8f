"""What people enter by hand: values of meters, lines of chips. Each is checked, and none is lost without a word."""

from typing import Any

from django.db import transaction

from recognizer.messages import gettext as _
from recognizer.models import StoredModel
from training.devices import chip_line
from training.devices.chip_line import ChipLine
from training.devices.entered import IMAGES, ChipResult, MeterReading, MeterUnit
from training.devices.models import Benchmark

OF_A_MILLIWATT_HOUR = 3.6
"""Joules."""


class EntryError(ValueError):
    """What cannot be taken; the message is a sentence for whoever entered it."""


def enter_meter(reading: MeterReading, benchmark: Benchmark, *, corrects: int | None, by: Any) -> MeterReading:
    """Store a meter's value beside those before it; `corrects` is the one that was seen last, None where none was.

    Raises:
        EntryError: the benchmark has no result yet, or somebody else has entered a value meanwhile.

    """
    seconds = benchmark.measured_seconds
    if seconds is None:
        raise EntryError(_("This benchmark has no result yet."))
    reading.benchmark, reading.created_by = benchmark, by
    reading.joules_for_10000 = _joules(reading, seconds)
    with transaction.atomic():
        Benchmark.objects.select_for_update().get(pk=benchmark.pk)
        last = benchmark.meter_readings.first()
        if (last.pk if last else None) != corrects:
            words = _("Meanwhile another value was entered: %(value)s. Look at it, and save again if yours is right.")
            raise EntryError(words % {"value": last or "—"})
        reading.save()
    return reading


def _joules(reading: MeterReading, seconds: float) -> float:
    if reading.unit == MeterUnit.WATTS:
        return reading.value * seconds
    joules = reading.value * (OF_A_MILLIWATT_HOUR if reading.unit == MeterUnit.MILLIWATT_HOURS else 1)
    return joules / reading.images * IMAGES


def enter_chip(text: str, *, chip: str, is_simulated: bool, by: Any) -> ChipResult:
    """Store a chip's line.

    Raises:
        EntryError: it is damaged, of no model of the catalogue, says what cannot be, or is there already.

    """
    try:
        line = chip_line.read(text)
    except chip_line.ChipLineError as error:
        raise EntryError(str(error)) from error
    model = _model_of(line)
    with transaction.atomic():
        made, is_new = ChipResult.objects.get_or_create(
            line=str(line),
            defaults={
                "chip": chip, "is_simulated": is_simulated, "model": model, "created_by": by,
                "images": line.images, "correct": line.correct, "microseconds": line.mean, "longest": line.longest,
                "flash_bytes": line.flash_bytes, "memory_bytes": line.memory_bytes,
            },
        )  # fmt: skip
    if not is_new:
        raise EntryError(_("This line was entered before, as “%(result)s”.") % {"result": made})
    return made


def _model_of(line: ChipLine) -> StoredModel:
    """The model of the catalogue whose header runs on the chip."""
    found = list(StoredModel.objects.filter(file_sha256__startswith=line.model)[:2])
    if len(found) != 1:
        raise EntryError(
            _("No model here has a file of the SHA-256 %(digits)s…: this line is of another model.")
            % {"digits": line.model}
        )
    return found[0]
