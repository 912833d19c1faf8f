"""A network that needs no training, and its card."""

import itertools

import numpy as np
import pytest

from recognizer.core.alphabet import RUSSIAN
from recognizer.core.model_card import ModelCard
from recognizer.core.network import Network


def make_network(seed: int = 0, hidden: int = 8, inputs: int = 784) -> Network:
    """Random weights: it reads nothing well, and does it the same way every time."""
    rng = np.random.default_rng(seed)
    sizes = (inputs, hidden, len(RUSSIAN))
    weights = tuple(rng.normal(0, 0.1, (n_out, n_in)).astype(np.float32) for n_in, n_out in itertools.pairwise(sizes))
    return Network(weights, tuple(np.zeros(size, np.float32) for size in sizes[1:]), "relu")


def make_card(network: Network, name: str = "random", ink: str = "moments-1") -> ModelCard:
    """A card for it."""
    return ModelCard.of(network, name=name, ink_specification=ink)


@pytest.fixture
def network() -> Network:
    """A small random network."""
    return make_network()


@pytest.fixture
def card(network: Network) -> ModelCard:
    """Its card."""
    return make_card(network)
