"""Small networks for the tests."""

from itertools import pairwise

import numpy as np

from recognizer.core.network import Network


def random_network(*sizes: int, activation: str = "relu", seed: int = 0) -> Network:
    """A network with weights of standard deviation 1/√n_in and standard normal biases."""
    rng = np.random.default_rng(seed)
    weights = [rng.normal(0, inputs**-0.5, (outputs, inputs)) for inputs, outputs in pairwise(sizes)]
    biases = [rng.normal(size=outputs) for outputs in sizes[1:]]
    return Network(
        tuple(array.astype(np.float32) for array in weights),
        tuple(array.astype(np.float32) for array in biases),
        activation,
    )
