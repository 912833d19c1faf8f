"""How a worker does one compression: a stored model in fewer bits, as a new model of the catalogue."""

import dataclasses

from django.utils import timezone

from recognizer import loading
from recognizer.core.model_card import ModelCard
from recognizer.loading import CatalogueError, LoadedModel
from training.datasets.content.splitting import Split
from training.datasets.models import Dataset
from training.datasets.scoring import score_dataset
from training.devices import services
from training.devices.models import Compression
from training.devices.services import CompressionError
from training.jobs.worker.work_loop import JobFailedError, Lease


def execute(compression: Compression, lease: Lease) -> None:
    """Store the model in fewer bits, with the old one as its parent.

    Raises:
        JobFailedError: the file is gone, a weight is too large for the precision, or the result exists already.

    """
    try:
        services.check_compression(compression.model, compression.precision)
        content = loading.load_stored(compression.model)
        services.complete_compression(compression, content.network, _card(compression, content))
    except (CompressionError, CatalogueError, ValueError) as error:
        raise JobFailedError(str(error)) from error


def _card(compression: Compression, content: LoadedModel) -> ModelCard:
    parent = compression.model
    return dataclasses.replace(
        content.card,
        name=f"{parent.name[:90]} {compression.precision}",
        precision=compression.precision,
        parent=parent.file_sha256,
        accuracy=_test_accuracy(content, compression.precision),
        created=timezone.now().isoformat(timespec="seconds"),
    )


def _test_accuracy(model: LoadedModel, precision: str) -> dict[str, float]:
    """Test accuracy in the new precision by data set, for those of the model's card whose very content is here."""
    known = {name: facts.get("content_sha256") for name, facts in model.card.data_sets.items()}
    here = [row for row in Dataset.objects.filter(name__in=known) if row.content_sha256 == known[row.name]]
    return {row.name: score_dataset(row, model, split=Split.TEST, precision=precision).accuracy for row in here}
