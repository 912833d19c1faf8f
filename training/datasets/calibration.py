"""Pictures on which a network's activations are looked at when it becomes whole numbers: of training splits alone."""

import numpy as np
from numpy.typing import NDArray

from recognizer.core.model_card import ModelCard
from recognizer.loading import LoadedModel
from recognizer.messages import gettext as _
from training.core.samples import Samples
from training.datasets.content.splitting import Split
from training.datasets.doubt import synthetic_letters
from training.datasets.errors import DatasetError
from training.datasets.models import Dataset
from training.datasets.storage import input_files

PICTURES = 2_000
FEWEST = 64
"""Pictures of a calibration set, the same number of each data set; and the fewest that will do."""
SEED = 1


def data_sets_of(card: ModelCard) -> list[Dataset]:
    """The data sets that a card names whose very content is here, by name."""
    known = {name: facts.get("content_sha256") for name, facts in card.data_sets.items() if isinstance(facts, dict)}
    rows = Dataset.objects.filter(name__in=known).order_by("name")
    return [row for row in rows if row.content_sha256 == known[row.name]]


def real_data_sets_for(model: LoadedModel) -> list[Dataset]:
    """Letters of people to calibrate a model on: the data sets of its card, else all of its letters; none if few."""
    named = [row for row in data_sets_of(model.card) if not row.is_synthetic and row.letters == model.letters]
    others = Dataset.objects.filter(letters=model.letters).order_by("name")
    rows = named or [row for row in others if not row.is_synthetic]
    return rows if sum(row.size(Split.TRAIN) for row in rows) >= FEWEST else []


def calibration_inputs(model: LoadedModel) -> NDArray[np.uint8]:
    """Inputs (n, length): training pictures of the data sets; without any, letters along skeletons of our own.

    Raises:
        DatasetError: there is no data set of the model's letters, and there are no skeletons of them either.

    """
    rows = real_data_sets_for(model)
    rng = np.random.default_rng(SEED)
    parts = [np.empty((0, model.ink.length), np.uint8)]
    for row in rows:
        samples = input_files.load(row, Split.TRAIN, model.ink.pictures.name)
        chosen = np.sort(rng.permutation(len(samples))[: PICTURES // len(rows)])
        parts.append(model.ink.of_pictures(samples.inputs[chosen]))
    if not rows:
        parts.append(model.ink.of_pictures(synthetic_letters(model.ink.pictures.name, model.letters)))
    inputs = np.concatenate(parts)
    if len(inputs) < FEWEST:
        raise DatasetError(
            _(
                "No data set of the letters that “%(model)s” reads is here to calibrate it on: "
                "import one (Data, or manage.py import_dataset), then compress again."
            )
            % {"model": model.name}
        )
    return inputs


def validation_of(model: LoadedModel) -> Samples | None:
    """The validation splits of the same data sets together; None without any."""
    parts = [input_files.load(row, Split.VALIDATION, model.ink.name) for row in real_data_sets_for(model)]
    if not parts:
        return None
    return Samples(np.concatenate([part.inputs for part in parts]), np.concatenate([part.labels for part in parts]))
