"""Training pictures that a model finds most like an input.

They are in data sets, of which recognizer knows nothing: a provider that the settings name looks for them.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from django.conf import settings
from django.db import DatabaseError
from django.utils.module_loading import import_string
from numpy.typing import NDArray

from recognizer.loading import LoadedModel
from recognizer.sources import InputBytes

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Neighbour:
    """A training picture.

    Attributes:
        letter: that it shows.
        distance: 1 − the cosine between what the last hidden layer makes of it and of the input; 0 is alike.
        dataset: the name of the data set that it is in.
        url: the address of a page that shows more of them.
        picture: uint8 (784,), as the model's pictures are made, but with ink bright.

    """

    letter: str
    distance: float
    dataset: str
    url: str
    picture: NDArray[np.uint8]


@dataclass(frozen=True)
class Neighbours:
    """The nearest pictures, nearest first, of `searched` that were compared so far, of `total` that there are."""

    nearest: tuple[Neighbour, ...] = ()
    searched: int = 0
    total: int = 0


Provider = Callable[[LoadedModel, NDArray[np.float32]], Neighbours]
"""Is given a model and what its last hidden layer (hidden,) makes of an input; works a fraction of a second at most."""


def find(model: LoadedModel, data: bytes) -> Neighbours:
    """Look for the training pictures that are nearest to an input; none where there are none here.

    Raises:
        recognizer.core.ink.InkError: the model's inputs have another length.

    """
    values = InputBytes(data).input(model.ink)
    if not settings.NEIGHBOUR_PROVIDER:
        return Neighbours()
    provider: Provider = import_string(settings.NEIGHBOUR_PROVIDER)
    hidden, _logits = model.network.read_layers(values[np.newaxis])
    try:
        return provider(model, hidden[0])
    except DatabaseError:
        logger.warning("no database says which data sets are here", exc_info=True)
        return Neighbours()
