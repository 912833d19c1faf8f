"""The nearest rows of all data sets that a model learned from, and their pictures."""

import logging
from collections.abc import Iterator
from urllib.parse import urlencode

import numpy as np
from django.urls import reverse
from numpy.typing import NDArray

from recognizer.loading import LoadedModel
from recognizer.neighbours import Neighbour, Neighbours
from recognizer.pictures import PictureError
from training.datasets.content.splitting import Split
from training.datasets.models import Dataset
from training.datasets.neighbours.hidden_layers import HiddenLayers
from training.datasets.storage.picture_files import decoded

logger = logging.getLogger(__name__)
NEAREST = 12
MOST_DATA_SETS = 8
SECONDS = 0.4
"""So long one request works at rows that are not there yet."""
CHUNK = 4096
"""Rows that are compared at once: 8 MB of floats where a hidden layer has 512 neurons."""


def find(model: LoadedModel, hidden: NDArray[np.float32]) -> Neighbours:
    """The training pictures nearest to what the last hidden layer makes of an input; see `recognizer.neighbours`."""
    layers = [HiddenLayers(dataset, model) for dataset in data_sets_of(model)] if model.sha256 else []
    found, searched, total = list[tuple[float, HiddenLayers, int]](), 0, 0
    seconds = SECONDS
    for each in layers:
        try:
            if seconds:
                each.grow(seconds)
            count = len(each.index.labels)
        except (OSError, PictureError) as error:
            logger.warning("the pictures of data set %s cannot be compared: %s", each.dataset.name, error)
            continue
        rows = each.rows()[:count]
        seconds = SECONDS if len(rows) == count else 0.0
        searched, total = searched + len(rows), total + count
        found += [(distance, each, place) for distance, place in _nearest(rows, hidden)]
    found.sort(key=lambda near: near[0])
    return Neighbours(tuple(_neighbours(found[:NEAREST])), searched, total)


def data_sets_of(model: LoadedModel) -> list[Dataset]:
    """The data sets of this installation that a model's card says it learned from."""
    abouts = (model.card.data_sets or {}).values()
    digests = [str(about.get("content_sha256")) for about in abouts if isinstance(about, dict)]
    return list(Dataset.objects.filter(content_sha256__in=digests).order_by("pictures", "pk")[:MOST_DATA_SETS])


def _nearest(rows: NDArray[np.void], hidden: NDArray[np.float32]) -> list[tuple[float, int]]:
    """Distance and place of the nearest rows."""
    unit = hidden / max(float(np.linalg.norm(hidden)), 1e-9)
    cosines = np.empty(len(rows), np.float32)
    for first in range(0, len(rows), CHUNK):
        some = rows[first : first + CHUNK]
        cosines[first : first + CHUNK] = (some["values"].astype(np.float32) @ unit) / some["length"]
    places = np.argsort(-cosines, kind="stable")[:NEAREST]
    return [(max(0.0, 1 - float(cosines[place])), int(place)) for place in places]


def _neighbours(found: list[tuple[float, HiddenLayers, int]]) -> Iterator[Neighbour]:
    for distance, layers, place in found:
        index, dataset, ink = layers.index.take(np.array([place])), layers.dataset, layers.model.ink.pictures
        letter = dataset.letters[int(index.labels[0])]
        picture = ink.from_pictures(list(decoded(dataset.folder, index)))[0][0]
        query = urlencode({"letter": letter, "split": Split.TRAIN.key})
        url = f"{reverse('datasets:examples', args=[dataset.pk])}?{query}"
        yield Neighbour(letter, distance, dataset.name, url, picture if ink.ink_bright else 255 - picture)
