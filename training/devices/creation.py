"""New benchmarks and compressions: everything that can be known to be wrong is found before there is a row."""

from typing import Any

from recognizer.models import StoredModel
from training.datasets.models import Dataset
from training.devices import compression
from training.devices.compression import CompressionError
from training.devices.measuring import MeasuringError, Workload
from training.devices.models import Benchmark, Compression, Device


class BenchmarkError(ValueError):
    """A benchmark that cannot be made: at which field of a form, and why."""

    def __init__(self, field: str, message: str) -> None:
        """Keep the field and the sentence."""
        super().__init__(message)
        self.field = field


def new_benchmark(
    model: StoredModel,
    *,
    precision: str | None = None,
    dataset: Dataset | None = None,
    wanted_device: Device | None = None,
    **workload: Any,
) -> Benchmark:
    """Make a benchmark that is not saved yet.

    Raises:
        BenchmarkError: a workload out of bounds, fp32 of a model that is stored in fewer bits, letters that differ.

    """
    precision = precision or model.precision
    if precision == "fp32" and model.precision != "fp32":
        raise BenchmarkError("precision", f"Model “{model}” is stored in {model.precision}: it has no fp32 weights.")
    if dataset is not None and dataset.letters != model.card["letters"]:
        raise BenchmarkError("dataset", f"Data set “{dataset}” has other letters than the model “{model}” reads.")
    try:
        Workload(precision=precision, **workload)
    except MeasuringError as error:
        raise BenchmarkError(error.field, str(error)) from error
    return Benchmark(model=model, precision=precision, dataset=dataset, wanted_device=wanted_device, **workload)


def new_compression(model: StoredModel, precision: str) -> Compression:
    """Make a compression that is not saved yet.

    Raises:
        CompressionError: an unknown precision, or nothing to be gained.

    """
    known = dict(Compression._meta.get_field("precision").flatchoices)
    if precision not in known:
        raise CompressionError(f"The precision “{precision}” is not one of {', '.join(known)}.")
    compression.check(model, precision)
    return Compression(model=model, precision=precision)
