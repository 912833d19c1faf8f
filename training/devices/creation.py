"""New benchmarks and compressions: everything that can be known to be wrong is found before there is a row."""

from typing import Any

from django.utils.translation import gettext as _

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
        BenchmarkError: a workload out of bounds, letters that differ.

    """
    precision = precision or model.precision
    if dataset is not None and dataset.letters != model.card["letters"]:
        raise BenchmarkError(
            "dataset",
            _("Data set “%(dataset)s” has other letters than the model “%(model)s” reads.")
            % {"dataset": dataset, "model": model},
        )
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
        raise CompressionError(
            _("The precision “%(precision)s” is not one of %(names)s.")
            % {"precision": precision, "names": ", ".join(known)}
        )
    compression.check(model, precision)
    return Compression(model=model, precision=precision)
