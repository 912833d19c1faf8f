"""One epoch of 20,000 made-up pictures through 784-256-128-33: ours, peers, and what neither can avoid.

Usage: python -m benchmarks.subjects.training KIND BATCH. Data are made and libraries warmed before the clock starts.
"""

import itertools
import platform
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from benchmarks.harness import serve

SAMPLES, SIZES = 20_000, (784, 256, 128, 33)
RATE, DECAY = 0.01, 0.001
TEXTBOOK_SAMPLES = 1_500
"""The per-sample loop takes as long for each: fewer are timed, and the time is scaled up."""

Epoch = Callable[[], Any]


def pictures() -> tuple[Any, Any]:
    """Bytes (n, 784), a quarter of the pixels ink, and labels (n,)."""
    rng = np.random.default_rng(1)
    inputs = np.where(rng.random((SAMPLES, SIZES[0])) < 0.25, 0, 255).astype(np.uint8)
    return inputs, rng.integers(0, SIZES[-1], SAMPLES)


def ours(batch: int, **values: Any) -> Epoch:
    """training.core: SGD with L2, or what else the values say."""
    from training.core.hyperparameters import PRESETS, Hyperparameters
    from training.core.samples import Samples, TrainingSet
    from training.core.trainer import Loop, TrainingState

    inputs, labels = pictures()
    recipe = Hyperparameters.from_mapping(
        {"batch_size": batch, "l2": DECAY * SAMPLES, **values}, base=PRESETS["thesis-relu"]
    )
    state = TrainingState.begin(recipe, n_inputs=SIZES[0], n_classes=SIZES[-1])
    loop = Loop(state, TrainingSet([Samples(inputs, labels)], recipe))
    return lambda: loop.epoch(lambda: False)


def ours_adamw(batch: int) -> Epoch:
    """training.core with AdamW."""
    return ours(batch, optimizer="adamw", learning_rate=0.001, l2=0, weight_decay=0.01)


def ours_augmented(batch: int) -> Epoch:
    """training.core with SGD, every picture warped."""
    return ours(batch, rotation=6, shear=0.15, scale=0.08, shift=0.9, elastic=0.8)


def products(batch: int) -> Epoch:
    """The eight bare products that the mathematics cannot avoid, unpadded, into arrays that exist."""
    from scipy.linalg.blas import sgemm

    rng = np.random.default_rng(1)
    layers = list(itertools.pairwise(SIZES))
    weights = [rng.normal(0, 0.01, (n_out, n_in)).astype(np.float32) for n_in, n_out in layers]
    a = [rng.normal(size=(n, batch)).astype(np.float32) for n in SIZES]
    delta = [np.zeros_like(each) for each in a]

    def epoch() -> None:
        for _ in range(-(-SAMPLES // batch)):
            for w, below, above in zip(weights, a, a[1:], strict=False):
                sgemm(1.0, below.T, w.T, 0.0, above.T, 0, 0, 1)
            for w, below, above in zip(weights[1:], delta[1:], delta[2:], strict=False):
                sgemm(1.0, above.T, w.T, 0.0, below.T, 0, 1, 1)
            for w, below, above in zip(weights, a, delta[1:], strict=False):
                sgemm(1e-9, below.T, above.T, 1.0, w.T, 1, 0, 1)

    return epoch


def textbook(batch: int) -> Epoch:
    """A loop over samples in float64, as in Nielsen's network2.py, with sigmoid and cross-entropy."""
    inputs, labels = pictures()
    columns = (inputs[:TEXTBOOK_SAMPLES] / 255)[:, :, None]
    rng, y = np.random.default_rng(1), np.eye(SIZES[-1])[:, :, None]
    weights = [rng.normal(size=(n, m)) / m**0.5 for m, n in itertools.pairwise(SIZES)]
    biases = [rng.normal(size=(n, 1)) for n in SIZES[1:]]

    def epoch() -> None:
        for start in range(0, TEXTBOOK_SAMPLES, batch):
            sums_w, sums_b = [np.zeros(w.shape) for w in weights], [np.zeros(b.shape) for b in biases]
            for x, label in zip(columns[start : start + batch], labels[start:], strict=False):
                by_w, by_b = _backpropagated(weights, biases, x, y[label])
                sums_w = [total + each for total, each in zip(sums_w, by_w, strict=True)]
                sums_b = [total + each for total, each in zip(sums_b, by_b, strict=True)]
            weights[:] = [(1 - RATE * DECAY) * w - RATE / batch * g for w, g in zip(weights, sums_w, strict=True)]
            biases[:] = [b - RATE / batch * g for b, g in zip(biases, sums_b, strict=True)]

    return epoch


def _backpropagated(weights: list[Any], biases: list[Any], x: Any, y: Any) -> tuple[list[Any], list[Any]]:
    """Gradients of one sample."""
    activations = [x]
    for w, b in zip(weights, biases, strict=True):
        activations.append(1 / (1 + np.exp(-(np.dot(w, activations[-1]) + b))))
    delta = activations[-1] - y
    by_w, by_b = [np.dot(delta, activations[-2].T)], [delta]
    for w, below, a in zip(weights[:0:-1], activations[-3::-1], activations[-2:0:-1], strict=True):
        delta = np.dot(w.T, delta) * a * (1 - a)
        by_w.insert(0, np.dot(delta, below.T))
        by_b.insert(0, delta)
    return by_w, by_b


def sklearn(batch: int) -> Epoch:
    """scikit-learn's MLPClassifier, solver sgd."""
    import warnings

    from sklearn.neural_network import MLPClassifier  # type: ignore[import-not-found]

    warnings.simplefilter("ignore")  # that one epoch is not convergence
    inputs, labels = pictures()
    floats = (inputs / 255).astype(np.float32)
    options = {"solver": "sgd", "momentum": 0, "nesterovs_momentum": False, "learning_rate_init": RATE}
    peer = MLPClassifier(SIZES[1:-1], batch_size=batch, max_iter=1, alpha=DECAY, **options)
    return lambda: peer.fit(floats, labels)


def torch(batch: int, *, adamw: bool = False) -> Epoch:
    """PyTorch eager: nn.Sequential, SGD with weight decay or AdamW as it comes."""
    import torch as peer  # type: ignore[import-not-found]

    peer.set_num_threads(1)
    inputs, labels = pictures()
    x, y = peer.from_numpy((inputs / 255).astype(np.float32)), peer.from_numpy(labels.astype(np.int64))
    layers: list[Any] = []
    for n_in, n_out in itertools.pairwise(SIZES):
        layers += [peer.nn.Linear(n_in, n_out), peer.nn.ReLU()]
    network, cost = peer.nn.Sequential(*layers[:-1]), peer.nn.CrossEntropyLoss()
    sgd = peer.optim.SGD(network.parameters(), lr=RATE, weight_decay=DECAY)
    optimizer = peer.optim.AdamW(network.parameters(), lr=0.001) if adamw else sgd

    def epoch() -> None:
        order = peer.randperm(SAMPLES)
        for start in range(0, SAMPLES, batch):
            chosen = order[start : start + batch]
            optimizer.zero_grad()
            cost(network(x[chosen]), y[chosen]).backward()
            optimizer.step()

    return epoch


def torch_adamw(batch: int) -> Epoch:
    """PyTorch eager with AdamW."""
    return torch(batch, adamw=True)


KINDS: Mapping[str, Callable[[int], Epoch]] = {
    "ours": ours,
    "ours-adamw": ours_adamw,
    "ours-augmented": ours_augmented,
    "products": products,
    "textbook": textbook,
    "sklearn": sklearn,
    "torch": torch,
    "torch-adamw": torch_adamw,
}


def main() -> None:
    """Time one epoch after the other."""
    kind, batch = sys.argv[1], int(sys.argv[2])
    epoch = KINDS[kind](batch)
    scale = SAMPLES / TEXTBOOK_SAMPLES if kind == "textbook" else 1.0

    def repeat() -> float:
        start = time.perf_counter()
        epoch()
        return (time.perf_counter() - start) * scale

    serve({"environment": {"python": platform.python_version(), "numpy": np.__version__}}, repeat)


if __name__ == "__main__":
    main()
