"""Bundles: the fixed images that devices read, and how many of them are read right here, by the same code.

A device that reads other numbers of them right computes something else, and its times are worth nothing.
"""

import hashlib
import io
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.db import transaction

from recognizer import loading
from recognizer.core.files import replacing
from recognizer.core.zipped import archive_of
from recognizer.filestore import places
from recognizer.loading import CatalogueError
from recognizer.messages import gettext as _
from recognizer.models import StoredModel
from training.core.samples import Samples
from training.datasets.models import Dataset
from training.devices.benchmarks import inputs
from training.devices.measurement import BROWSER_BACKENDS, NUMPY, POOL, MeasurementError
from training.devices.measurement.arithmetic import prepared
from training.devices.measurement.measuring import score
from training.devices.models import Benchmark, Bundle
from training.jobs import lifecycle
from training.jobs.models import State
from training.jobs.worker.work_loop import JobFailedError, Lease

TOLERANCE = {"fp16-native": 0.005, "fp32": 0.0005, "fp16": 0.0005, "int8-weights": 0.0005}
"""By what share of the images a device may differ, whose BLAS adds in another order; whole numbers may not."""
OF_OTHERS = 0.005
"""The same for backends of others, whose kernels round as they like."""
OWN = (NUMPY, *BROWSER_BACKENDS)


def folder() -> Path:
    """Where the files are."""
    path: Path = settings.PROPIS_VAR / "bundles"
    path.mkdir(parents=True, exist_ok=True)
    return path


def file_of(bundle: Bundle) -> Path:
    """Its file, named by its SHA-256, brought here where only the store has it. Raises StoreAwayError."""
    return places.here(folder() / f"{bundle.inputs_sha256}.npz")


def bundle_for(benchmark: Benchmark) -> Bundle:
    """The bundle of a benchmark, which a worker is asked to make if there is none."""
    if benchmark.bundle is not None:
        return benchmark.bundle
    with transaction.atomic():
        bundle = bundle_of(benchmark.model, benchmark.precision, benchmark.dataset, by=benchmark.created_by)
        Benchmark.objects.filter(pk=benchmark.pk).update(bundle=bundle)
    benchmark.bundle = bundle
    return bundle


def bundle_of(model: StoredModel, precision: str, dataset: Dataset | None = None, *, by: Any = None) -> Bundle:
    """The bundle of a model in a precision; a worker is asked to make it if there is none."""
    with transaction.atomic():
        same = Bundle.objects.filter(model=model, precision=precision, wanted_dataset=dataset)
        bundle = same.exclude(state__in=(State.FAILED, State.CANCELLED, State.PRUNED)).order_by("-pk").first()
        if bundle is None:
            bundle = lifecycle.enqueue(Bundle(model=model, precision=precision, wanted_dataset=dataset), by=by)
    return bundle


def execute(bundle: Bundle, lease: Lease) -> None:
    """Choose the images, write them, and count how many are read right.

    Raises:
        JobFailedError: no data set fits, its files or the model's are gone, or the model has not this precision.
        StoppedError: the lease said to stop.

    """
    dataset = bundle.wanted_dataset or inputs.choose_dataset(bundle.model)
    if dataset is None:
        raise JobFailedError(
            _("No data set with test images has the letters of “%(model)s”.") % {"model": bundle.model}
        )
    samples = inputs.chosen(bundle.model, dataset, POOL)
    lease.check()
    content = content_of(samples)
    digest = hashlib.sha256(content).hexdigest()
    path = folder() / f"{digest}.npz"
    with replacing(path) as file:
        file.write(content)
    places.keep(path)
    lease.check()
    lifecycle.finish(
        bundle,
        State.SUCCEEDED,
        dataset_name=dataset.name,
        made=dataset.is_synthetic,
        inputs_sha256=digest,
        inputs_bytes=len(content),
        images=len(samples),
        correct=_correct(bundle, samples),
    )


def content_of(samples: Samples) -> bytes:
    """The file of some samples: the same bytes for the same samples."""
    members = {"inputs.npy": samples.inputs, "labels.npy": samples.labels}
    return archive_of({name: _npy(array) for name, array in members.items()})


def allowed_difference(bundle: Bundle, backend: str = NUMPY) -> int:
    """How many images more or fewer a device may read right."""
    share = TOLERANCE.get(bundle.precision, 0.0) if backend in OWN else OF_OTHERS
    return int(share * bundle.images)


def _correct(bundle: Bundle, samples: Samples) -> int:
    try:
        network = loading.load_stored(bundle.model).network
        predict, values = prepared(network, bundle.precision, samples.inputs)
    except (CatalogueError, MeasurementError) as error:
        raise JobFailedError(str(error)) from error
    return int(score(predict, values, samples.labels)["correct"])


def _npy(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, array, allow_pickle=False)
    return buffer.getvalue()
