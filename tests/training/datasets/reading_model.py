"""A model that reads the letters of these tests: its weights are the mean inputs of each."""

from collections.abc import Mapping

import numpy as np

from recognizer import pictures
from recognizer.core.ink import specification
from recognizer.core.model_card import ModelCard
from recognizer.core.network import Network
from recognizer.loading import LoadedModel


def model_of(contents: Mapping[str, bytes], letters: str, *, name: str = "means") -> LoadedModel:
    """Make it from pictures in folders of letters; it reads each of those right when they are unlike enough."""
    ink = specification("moments-1")
    names = list(contents)
    inputs = ink.scale(ink.from_pictures([pictures.decode(contents[name]) for name in names])[0])
    labels = np.array([letters.index(name.split("/")[-2]) for name in names])
    # One hidden neuron for each picture that answers most to itself, and votes for its letter.
    hidden = inputs / np.linalg.norm(inputs, axis=1, keepdims=True) ** 2
    votes = np.eye(len(letters), dtype=np.float32)[labels].T
    network = Network(
        (hidden.astype(np.float32), votes * 100),
        (np.full(len(names), -0.999, dtype=np.float32), np.zeros(len(letters), dtype=np.float32)),
        "relu",
    )
    card = ModelCard.of(network, name=name, ink_specification=ink.name, letters=letters)
    return LoadedModel(network, card, ink, name)
