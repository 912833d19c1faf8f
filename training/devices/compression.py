"""Doing a compression: a stored model in fewer bits, as a new model of the catalogue."""

import dataclasses

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from recognizer import catalog
from recognizer.catalog import CatalogError, LoadedModel
from recognizer.models import Source, StoredModel
from training.datasets.models import Dataset
from training.datasets.scoring import score_dataset
from training.datasets.splitting import Split
from training.devices.models import Compression
from training.jobs import lifecycle
from training.jobs.models import State
from training.jobs.working import JobFailedError, Lease


class CompressionError(ValueError):
    """A compression that cannot be made; the message is a sentence for the person who asked."""


def check(model: StoredModel, precision: str) -> None:
    """Find what would spoil a compression.

    Raises:
        CompressionError: the model is in few bits already, or has been compressed so before.

    """
    if model.precision != "fp32":
        raise CompressionError(
            _("Model “%(model)s” is stored in %(precision)s already.") % {"model": model, "precision": model.precision}
        )
    if existing := model.children.filter(precision=precision, source=Source.COMPRESSED).first():
        raise CompressionError(
            _("Model “%(model)s” has been stored in %(precision)s before, as “%(existing)s”.")
            % {"model": model, "precision": precision, "existing": existing}
        )


def execute(compression: Compression, lease: Lease) -> None:
    """Store the model in fewer bits, with the old one as its parent.

    The new card names the accuracy in the new precision on the test parts of the data sets that the old one names,
    as far as they are here.

    Raises:
        JobFailedError: the file is gone, a weight is too large for the precision, or it is there already.

    """
    parent = compression.model
    try:
        check(parent, compression.precision)
        content = catalog.load_stored(parent)
        card = dataclasses.replace(
            content.card,
            name=f"{parent.name[:90]} {compression.precision}",
            precision=compression.precision,
            parent=parent.file_sha256,
            accuracy=_measured(content, compression.precision),
            created=timezone.now().isoformat(timespec="seconds"),
        )
        with transaction.atomic():
            stored = catalog.add_model(content.network, card, source=Source.COMPRESSED, parent=parent)
            lifecycle.finish(compression, State.SUCCEEDED, result=stored)
    except (CompressionError, CatalogError, ValueError) as error:
        raise JobFailedError(str(error)) from error


def _measured(model: LoadedModel, precision: str) -> dict[str, float]:
    """Test accuracy by data set, for those of the model's card whose very content is here."""
    known = {name: facts.get("content_sha256") for name, facts in model.card.data_sets.items()}
    here = [row for row in Dataset.objects.filter(name__in=known) if row.content_sha256 == known[row.name]]
    return {row.name: score_dataset(row, model, split=Split.TEST, precision=precision).accuracy for row in here}
