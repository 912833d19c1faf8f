"""A network in whole numbers, trained on: the best of some epochs by validation."""

import dataclasses
from collections.abc import Callable

from recognizer.core.network import Network
from recognizer.core.precision import IntegerNetwork, in_floats
from recognizer.loading import LoadedModel
from recognizer.messages import gettext as _
from training.core.evaluation import evaluate
from training.core.hyperparameters import FIELDS, SHARES, Hyperparameters
from training.core.quantization.tuning import Batches, tune
from training.core.samples import Samples
from training.datasets.calibration import real_data_sets_for
from training.datasets.content.splitting import Split
from training.datasets.errors import DatasetError
from training.datasets.models import Dataset
from training.datasets.storage import input_files

BATCH_SIZE = 256


def tuned(parent: LoadedModel, start: IntegerNetwork, *, epochs: int, check: Callable[[], None]) -> IntegerNetwork:
    """The network after the epoch that validation likes best; every data set counts the same.

    Args:
        parent: in floats; the recipe on its card says how pictures are changed at random.
        start: the same network in whole numbers.
        epochs: how many.
        check: called before each step; may raise.

    Raises:
        DatasetError: there is no data set of the model's letters, or it has too few.
        NetworkError: the sums could overflow.

    """
    rows = [row for row in real_data_sets_for(parent) if row.size(Split.TRAIN) and row.size(Split.VALIDATION)]
    if sum(row.size(Split.TRAIN) for row in rows) < BATCH_SIZE:
        raise DatasetError(
            _("Training “%(model)s” further needs a data set of its letters: import one, or compress without epochs.")
            % {"model": parent.name}
        )
    training = [input_files.load(row, Split.TRAIN, parent.ink.pictures.name) for row in rows]
    batches = Batches(recipe_of(parent, epochs), training, parent.ink)
    return _best(in_floats(parent.network), start, batches, _validation(rows, parent), epochs, check)


def _best(
    parent: Network,
    start: IntegerNetwork,
    batches: Batches,
    validation: list[Samples],
    epochs: int,
    check: Callable[[], None],
) -> IntegerNetwork:
    def accuracy(network: IntegerNetwork) -> float:
        return sum(evaluate(network, each.inputs, each.labels).accuracy for each in validation)

    best, highest = start, accuracy(start)
    for _cost, network in tune(start, parent, batches, epochs=epochs, check=check):
        if (found := accuracy(network)) > highest:
            best, highest = network, found
    return best


def recipe_of(model: LoadedModel, epochs: int) -> Hyperparameters:
    """How pictures are changed at random, from the recipe on a model's card; data sets go by their balance."""
    known = {name: value for name, value in model.card.recipe.items() if name in FIELDS and name not in SHARES}
    recipe = Hyperparameters.from_mapping(known)
    return dataclasses.replace(
        recipe, ink_specification=model.ink.name, batch_size=BATCH_SIZE, epochs=epochs, epoch_samples=0, inverted=False
    )


def _validation(rows: list[Dataset], model: LoadedModel) -> list[Samples]:
    return [input_files.load(row, Split.VALIDATION, model.ink.name) for row in rows]
