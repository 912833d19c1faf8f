"""Every row of devices that people or workers ask for: benchmarks, compressions, registered devices.

A benchmark or a compression is checked as far as possible before there is a row.
"""

import dataclasses
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from recognizer import loading
from recognizer import services as catalogue
from recognizer.core.model_card import ModelCard, ModelFileError
from recognizer.core.network import NetworkError
from recognizer.core.precision import INTEGER_BITS, ROUNDED, WEIGHT_BITS, in_floats, to_precision
from recognizer.filestore.errors import StoreAwayError
from recognizer.loading import CatalogueError, LoadedModel
from recognizer.messages import gettext as _
from recognizer.models import ModelOrigin, StoredModel
from training.core.optimization.neurons import sizes_without
from training.datasets.models import Dataset
from training.devices import sheet
from training.devices.measurement import BROWSER_BACKENDS, NUMPY, ONNXRUNTIME, MeasurementError, Workload
from training.devices.models import (
    MOST_EPOCHS,
    MOST_NEURONS,
    Benchmark,
    Compression,
    Device,
    DeviceKind,
    Precision,
)
from training.devices.sheet import DeviceSheet
from training.jobs import lifecycle
from training.jobs.models import State

MEASURED = ("disk_read_mb_s", "disk_write_mb_s")
"""Rows of a sheet that only a measurement on request gives: the last values stay."""


FIRST_BATCH = 100
"""Images at once of a new device's second benchmark."""


class BenchmarkError(ValueError):
    """A benchmark that cannot be made: at which field of a form, and why."""

    def __init__(self, field: str, message: str) -> None:
        """Keep the field and the sentence."""
        super().__init__(message)
        self.field = field


class CompressionError(ValueError):
    """A compression that cannot be made; the message is a sentence for the person who asked."""


def new_benchmark(
    model: StoredModel,
    *,
    precision: str | None = None,
    dataset: Dataset | None = None,
    wanted_device: Device | None = None,
    **workload: Any,
) -> Benchmark:
    """A benchmark that is not saved yet.

    Raises:
        BenchmarkError: the workload is out of bounds, the device has no such backend, the model cannot be computed in
            that precision, or the data set's letters are not the model's.

    """
    precision, backend = precision or model.precision, workload.get("backend", NUMPY)
    if dataset is not None:
        check_letters(model, dataset)
    check_backend(backend, wanted_device)
    try:
        Workload(precision=precision, **workload)
    except MeasurementError as error:
        raise BenchmarkError(error.field, str(error)) from error
    check_precision(model, precision, backend)
    return Benchmark(model=model, precision=precision, dataset=dataset, wanted_device=wanted_device, **workload)


def check_backend(backend: str, device: Device | None) -> None:
    """Refuse what a device cannot compute with: browsers have backends of their own, and other devices have not.

    Raises:
        BenchmarkError: the two do not go together.

    """
    is_browser = device is not None and device.kind == DeviceKind.BROWSER
    if is_browser != (backend in BROWSER_BACKENDS):
        words = (
            _("Only a browser computes in %(backend)s.") if not is_browser else _("No browser computes in %(backend)s.")
        )
        raise BenchmarkError("backend", words % {"backend": backend})


def check_precision(model: StoredModel, precision: str, backend: str) -> None:
    """Refuse a precision that a model cannot be computed in: whole numbers must be those that it is stored in.

    Raises:
        BenchmarkError: the two do not go together, or not with what computes.

    """
    words = ""
    if model.precision in INTEGER_BITS and precision != model.precision:
        words = _("The model is stored in %(stored)s; it cannot be timed in %(precision)s.")
    elif model.precision not in INTEGER_BITS and precision in INTEGER_BITS:
        words = _("Rounding is not enough for %(precision)s, which needs a calibration: compress the model.")
    elif backend == ONNXRUNTIME and precision == Precision.FP16_NATIVE:
        words = _("onnxruntime does not compute this model in %(precision)s.")
    if words:
        raise BenchmarkError("precision", words % {"stored": model.precision, "precision": precision})


def check_letters(model: StoredModel, dataset: Dataset) -> None:
    """Refuse a data set whose letters the model does not read.

    Raises:
        BenchmarkError: the letters differ.

    """
    if dataset.letters != model.card["letters"]:
        raise BenchmarkError(
            "dataset",
            _("Data set “%(dataset)s” has other letters than the model “%(model)s” reads.")
            % {"dataset": dataset, "model": model},
        )


def queue_benchmarks(model: StoredModel, *, by: Any) -> None:
    """Queue a benchmark of a model in each precision that it can have; native fp16 is slow and timed once."""
    in_floats = (Precision.FP32, Precision.FP16, Precision.FP16_NATIVE)
    precisions = [model.precision] if model.precision in INTEGER_BITS else in_floats
    for precision in precisions:
        repeats = 1 if precision == Precision.FP16_NATIVE else Workload.repeats
        lifecycle.enqueue(new_benchmark(model, precision=precision, repeats=repeats), by=by)


def queue_first_benchmarks(device: Device, *, by: Any) -> None:
    """Queue what a new device measures first: the model in service, one by one and in batches."""
    model = StoredModel.objects.filter(is_active=True).first()
    if model is None:
        return
    precision = model.precision if model.precision in INTEGER_BITS else Precision.FP32
    for batch_size in (1, FIRST_BATCH):
        job = new_benchmark(model, precision=precision, batch_size=batch_size, wanted_device=device)
        lifecycle.enqueue(job, by=by)


def store_result(
    benchmark: Benchmark, device: Device, results: dict[str, Any], *, result_id: uuid.UUID, invalid: str
) -> None:
    """Store what a device posted, and end the job.

    Raises:
        training.jobs.lifecycle.LostClaimError: the job was taken from it; nothing is stored.

    """
    lifecycle.finish(benchmark, State.SUCCEEDED, device=device, results=results, result_id=result_id, invalid=invalid)


def complete_benchmark(benchmark: Benchmark, results: dict[str, Any], dataset: Dataset | None) -> None:
    """Store what the agent measured, with the device's sheet and the data set that was read."""
    device = register(results["device"], DeviceSheet.from_dict(results["sheet"]))
    if results["accuracy"] is not None and dataset is not None:
        results["accuracy"].update(dataset=dataset.name, made=dataset.is_synthetic)
    lifecycle.finish(benchmark, State.SUCCEEDED, device=device, results=results)


def register(identity: dict[str, str], read: DeviceSheet) -> Device:
    """Store a device by its key, with its newest sheet. A name that a person gave it stays."""
    device, created = Device.objects.get_or_create(
        key=identity["key"], defaults={"name": identity["name"][:100], "sheet": read.as_dict()}
    )
    if not created:
        device.sheet = _merged(device.sheet, read.as_dict())
        device.seen_at = timezone.now()
        device.save(update_fields=["sheet", "seen_at"])
    return device


def with_sheet(device: Device, read: DeviceSheet) -> Device:
    """A device with its newest sheet, saved; what only a measurement gives stays."""
    device.sheet = _merged(device.sheet, read.as_dict())
    device.save()
    return device


def correct_sheet(device: Device, wanted: DeviceSheet) -> None:
    """Keep the rows in which a person's sheet differs from the one that was read."""
    read = DeviceSheet.from_dict(device.sheet).as_dict()
    device.corrections = {name: value for name, value in wanted.as_dict().items() if value != read[name]}
    device.save(update_fields=["corrections"])


def note_disk(device: Device, read_mb_s: float | None, write_mb_s: float | None) -> None:
    """Keep the speed of a device's disk, measured on request."""
    measured = {"disk_read_mb_s": read_mb_s, "disk_write_mb_s": write_mb_s}
    with transaction.atomic():
        sheet_now = Device.objects.select_for_update().values_list("sheet", flat=True).get(pk=device.pk)
        found = {name: value for name, value in measured.items() if value is not None}
        Device.objects.filter(pk=device.pk).update(sheet={**sheet_now, **found})


def this_device() -> Device | None:
    """This machine's row, if a benchmark has run here before."""
    return Device.objects.filter(key=sheet.machine_key()).first()


def _merged(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    kept = {name: old.get(name) for name in MEASURED if new.get(name) is None}
    return {**new, **kept}


def new_compression(model: StoredModel, precision: str, epochs: int = 0, neurons: int = 0) -> Compression:
    """A compression that is not saved yet; with epochs the network is trained in whole numbers.

    `neurons` are those that go before, per cent of each hidden layer.

    Raises:
        CompressionError: an unknown precision, nothing to be gained, epochs that make no sense, or a file of which
            nothing can be made.

    """
    known = dict(Compression._meta.get_field("precision").flatchoices)
    if precision not in known:
        raise CompressionError(
            _("The precision “%(precision)s” is not one of %(names)s.")
            % {"precision": precision, "names": ", ".join(known)}
        )
    check_compression(model, precision, neurons)
    if (epochs or neurons) and precision not in INTEGER_BITS:
        raise CompressionError(
            _("Epochs and neurons are for %(names)s; %(precision)s rounds a network as it is.")
            % {"names": ", ".join(INTEGER_BITS), "precision": precision}
        )
    if not 0 <= epochs <= MOST_EPOCHS:
        raise CompressionError(_("There can be 0 to %(most)d epochs.") % {"most": MOST_EPOCHS})
    _check_file(model, precision, compressed_name(model, precision, neurons))
    return Compression(model=model, precision=precision, epochs=epochs, neurons=neurons)


def compressed_name(model: StoredModel, precision: str, neurons: int) -> str:
    """The name that the new model's card has."""
    return f"{model.name[:80]} {precision}" + (f" less {neurons}%" if neurons else "")


def _check_file(model: StoredModel, precision: str, name: str) -> None:
    """Refuse a model whose file cannot be used, whose numbers are too large, or whose new card would be wrong.

    A file in a store that is away is no reason: the job waits for it.
    """
    try:
        loaded = loading.load_stored(model)
        dataclasses.replace(loaded.card, name=name)
        if precision in ROUNDED:
            to_precision(in_floats(loaded.network), precision)
    except (CatalogueError, ModelFileError, NetworkError) as error:
        if not isinstance(error.__cause__, StoreAwayError):
            raise CompressionError(str(error)) from error


def check_compression(model: StoredModel, precision: str, neurons: int = 0) -> None:
    """Refuse a compression that would gain nothing, or take more neurons away than may go.

    Raises:
        CompressionError: the model is stored in fewer bits already, or was compressed to this precision before.

    """
    if model.precision in INTEGER_BITS and model.parent is not None:
        raise CompressionError(
            _("Model “%(model)s” is stored in %(precision)s already: compress “%(parent)s”, of which it was made.")
            % {"model": model, "precision": model.precision, "parent": model.parent}
        )
    if WEIGHT_BITS[precision] >= WEIGHT_BITS[model.precision] or model.precision in INTEGER_BITS:
        raise CompressionError(
            _("Model “%(model)s” is stored in %(precision)s already.") % {"model": model, "precision": model.precision}
        )
    if not 0 <= neurons <= MOST_NEURONS:
        raise CompressionError(_("0 to %(most)d %% of the neurons can be taken away.") % {"most": MOST_NEURONS})
    sizes = list(sizes_without(tuple(model.sizes), neurons))
    if neurons and sizes == model.sizes:
        raise CompressionError(
            _("That share of the neurons of “%(model)s” is less than one neuron in each layer: take away more.")
            % {"model": model}
        )
    known = model.children.filter(precision=precision, source=ModelOrigin.COMPRESSED, sizes=sizes)
    if existing := known.first():
        raise CompressionError(
            _("Model “%(model)s” has been stored in %(precision)s before, as “%(existing)s”.")
            % {"model": model, "precision": precision, "existing": existing}
        )


def card_with_data_sets(model: LoadedModel) -> ModelCard:
    """The model's card, or that of the nearest model that it was made from whose card names data sets."""
    card = model.card
    row = StoredModel.objects.filter(pk=model.pk).first() if model.pk is not None else None
    while row is not None and row.parent is not None and not card.data_sets:
        row = row.parent
        card = dataclasses.replace(card, data_sets=row.card.get("data_sets") or {})
    return card


def complete_compression(compression: Compression, content: bytes) -> None:
    """Add the compressed model to the catalogue, with the first one as its parent, and end the job: both or neither."""
    with transaction.atomic():
        stored = catalogue.add_file(content, source=ModelOrigin.COMPRESSED, parent=compression.model)
        lifecycle.finish(compression, State.SUCCEEDED, result=stored)
