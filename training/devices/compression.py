"""How a worker does one compression: a stored model in fewer bits, as a new model of the catalogue."""

import dataclasses

import numpy as np
from django.utils import timezone
from numpy.typing import NDArray

from recognizer import loading
from recognizer.core import model_file
from recognizer.core.doubt import Doubt
from recognizer.core.inputs import unit_floats
from recognizer.core.model_card import ModelCard
from recognizer.core.network import Network
from recognizer.core.precision import ROUNDED, AnyNetwork, in_floats, to_precision
from recognizer.core.precision.calibration import calibrated
from recognizer.loading import CatalogueError, LoadedModel
from training.core.optimization.neurons import Readers, without_neurons
from training.datasets import calibration
from training.datasets import doubt as doubts
from training.datasets.content.splitting import Split
from training.datasets.scoring import score_dataset
from training.devices import services
from training.devices.models import Compression
from training.devices.services import CompressionError
from training.devices.tuning import tuned
from training.jobs.worker.work_loop import JobFailedError, Lease

SHARE_OF_NON_LETTERS = 0.05
"""Of a network's file, at most, in whole numbers: else it refuses by its letters' scores alone."""


def execute(compression: Compression, lease: Lease) -> None:
    """Store the model in fewer bits, with the old one as its parent.

    Raises:
        JobFailedError: the file is gone, a number is too large for the precision, there is nothing to calibrate on, or
            the result exists already.

    """
    try:
        services.check_compression(compression.model, compression.precision, compression.neurons)
        parent = loading.load_stored(compression.model)
        lease.check()
        network, doubt = _compressed(parent, compression, lease)
        lease.check()
        card = _card(compression, parent, network, doubt)
        accuracy = _test_accuracy(parent, model_file.to_bytes(network, card, is_packed=True))
        card = dataclasses.replace(card, accuracy=accuracy)
        services.complete_compression(compression, model_file.to_bytes(network, card, is_packed=True))
    except (CompressionError, CatalogueError, ValueError) as error:
        raise JobFailedError(str(error)) from error


def _compressed(parent: LoadedModel, compression: Compression, lease: Lease) -> tuple[AnyNetwork, Doubt]:
    """The network in fewer bits, and its doubt."""
    floats, precision = in_floats(parent.network), compression.precision
    if precision in ROUNDED:
        return to_precision(floats, precision), parent.doubt
    inputs = calibration.calibration_inputs(parent)
    floats, doubt = _smaller(floats, parent.doubt, inputs, compression.neurons)
    made = calibrated(floats, inputs, precision)
    network = made.network
    if compression.epochs:
        network = tuned(parent, network, epochs=compression.epochs, check=lease.check)
    doubt = doubt.reading_bytes(made.units, made.zero)
    size = len(doubt.kinds) * floats.sizes[-2]
    if size > SHARE_OF_NON_LETTERS * sum(layer.weights.size for layer in network.layers):
        doubt = Doubt(doubt.temperature)
    validation = calibration.validation_of(parent)
    return network, doubt if validation is None else doubts.refitted(network, doubt, validation)


def _smaller(network: Network, doubt: Doubt, inputs: NDArray[np.uint8], percent: int) -> tuple[Network, Doubt]:
    """A network and its doubt without so many of the hidden neurons."""
    if not percent:
        return network, doubt
    has_kinds = doubt.weights is not None and doubt.biases is not None
    also = Readers(doubt.weights, doubt.biases) if has_kinds else None  # type: ignore[arg-type]  # they are there
    smaller, then = without_neurons(network, unit_floats(inputs), percent, also)
    return smaller, doubt if then is None else dataclasses.replace(doubt, weights=then.weights, biases=then.biases)


def _card(compression: Compression, parent: LoadedModel, network: AnyNetwork, doubt: Doubt) -> ModelCard:
    row = compression.model
    card = dataclasses.replace(
        parent.card.with_doubt(Doubt()),  # its own may read neurons that are gone
        name=services.compressed_name(row, compression.precision, compression.neurons),
        sizes=network.sizes,
        precision=compression.precision,
        parent=row.file_sha256,
        accuracy={},
        created=timezone.now().isoformat(timespec="seconds"),
    )
    return card.with_doubt(doubt)


def _test_accuracy(parent: LoadedModel, content: bytes) -> dict[str, float]:
    """Test accuracy of a packed file by data set, for those of the parent's card whose very content is here."""
    read = model_file.read(content)
    packed = dataclasses.replace(parent, network=read.network, card=read.card)
    rows = calibration.data_sets_of(services.card_with_data_sets(parent))
    return {row.name: score_dataset(row, packed, split=Split.TEST).accuracy for row in rows}
