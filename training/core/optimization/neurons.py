"""Pruning of whole neurons: a network with fewer of them in each hidden layer, so that its file is really smaller.

The layers behind a neuron that goes make up for it as far as they can. Of a layer's values h, with a 1 for the biases,
let H = E[h hᵀ] over some inputs, and let row r of R be what a neuron behind it reads with. Taking neuron j away and
moving all other weights so that Σ (R h)² changes least costs |R_j|² / (H⁻¹)_jj, and the best move is
R ← R − R_j (H⁻¹)_j / (H⁻¹)_jj: Optimal Brain Surgeon (Hassibi, Stork 1993) with columns for weights. The cheapest goes,
H⁻¹ is brought up to date, and so on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recognizer.core.activations import ACTIVATIONS
from recognizer.core.network import Network

Floats = npt.NDArray[np.float64]

DAMPING = 1e-4
"""Of H, in parts of its mean diagonal: values that hardly ever differ must not give huge weights."""


@dataclass(frozen=True, eq=False)
class Readers:
    """Whatever reads the values of a layer: weights (k, neurons) and biases (k,)."""

    weights: Floats
    biases: Floats


def sizes_without(sizes: tuple[int, ...], percent: int) -> tuple[int, ...]:
    """Layer sizes when this many in a hundred of the neurons of each hidden layer are gone."""
    first, *hidden, last = sizes
    return (first, *(size - size * percent // 100 for size in hidden), last)


def without_neurons(
    network: Network, inputs: npt.NDArray[np.floating], percent: int, also: Readers | None = None
) -> tuple[Network, Readers | None]:
    """The network without this many in a hundred of the neurons of each hidden layer, and `also` as it is then.

    Args:
        network: whose neurons go; it stays as it is.
        inputs: (n, n_in), 0…1, such as training pictures are.
        percent: 0 to 99, of each hidden layer, rounded down.
        also: reads the last hidden layer beside the outputs, and is kept true as they are.
    """
    sizes = sizes_without(network.sizes, percent)
    weights = [w.astype(np.float64) for w in network.weights]
    biases = [b.astype(np.float64) for b in network.biases]
    values = inputs.astype(np.float64)
    for layer in range(len(weights) - 1):
        values = np.asarray(ACTIVATIONS[network.activation](values @ weights[layer].T + biases[layer]))
        behind, own = Readers(weights[layer + 1], biases[layer + 1]), len(weights[layer + 1])
        if also is not None and layer == len(weights) - 2:
            behind = Readers(np.vstack([behind.weights, also.weights]), np.concatenate([behind.biases, also.biases]))
        kept, behind = _fewest(values, behind, len(biases[layer]) - sizes[layer + 1])
        weights[layer], biases[layer], values = weights[layer][kept], biases[layer][kept], values[:, kept]
        weights[layer + 1], biases[layer + 1] = behind.weights[:own], behind.biases[:own]
        if also is not None and len(behind.biases) > own:
            also = Readers(behind.weights[own:], behind.biases[own:])
    pruned = Network(
        tuple(w.astype(np.float32) for w in weights), tuple(b.astype(np.float32) for b in biases), network.activation
    )
    return pruned, also


def _fewest(values: Floats, readers: Readers, count: int) -> tuple[npt.NDArray[np.intp], Readers]:
    """Take `count` neurons away, the cheapest first: places of those that stay, and their readers.

    `values` are (n, neurons).
    """
    neurons = values.shape[1]
    inverse = _inverse(np.hstack([values, np.ones((len(values), 1))]))
    reading = np.hstack([readers.weights, readers.biases[:, np.newaxis]])
    stays = np.ones(neurons, np.bool_)
    for _number in range(count):
        costs = (reading[:, :neurons] ** 2).sum(axis=0) / np.diag(inverse)[:neurons].clip(min=1e-30)
        j = int(np.where(stays, costs, np.inf).argmin())
        move = inverse[j] / inverse[j, j]
        reading -= np.outer(reading[:, j], move)
        inverse -= np.outer(inverse[:, j], move)
        stays[j] = False
    kept = np.flatnonzero(stays)
    return kept, Readers(reading[:, kept], reading[:, neurons])


def _inverse(values: Floats) -> Floats:
    """H⁻¹ of values (n, k), damped."""
    gram = values.T @ values / len(values)
    gram[np.diag_indices_from(gram)] += DAMPING * float(np.trace(gram)) / len(gram)
    return np.asarray(np.linalg.inv(gram))
