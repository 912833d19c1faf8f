"""One epoch of 20,000 synthetic letters through 784-256-128-33: ours, peers, and what neither can avoid.

Usage: python -m benchmarks.subjects.training KIND BATCH LETTERS, LETTERS being what `materials.letters` saved.
Data are prepared and libraries warmed before the clock starts. The clock is the process's own time on the processor:
other processes that want the same core do not count.
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


def pictures(look: str = "raw") -> tuple[Any, Any]:
    """Bytes (n, 784), ink 255 on paper 0, and labels (n,): the letters over and over, shuffled."""
    with np.load(sys.argv[3]) as file:
        inputs, labels = file[look], file["labels"]
    chosen = np.random.default_rng(1).permutation(SAMPLES) % len(labels)
    return inputs[chosen], labels[chosen]


def ours(batch: int, look: str = "raw", **values: Any) -> Epoch:
    """training.core: SGD with L2, or whatever else the values say."""
    ink_is_one = {"ink_specification": "moments-1"}
    return _epoch("thesis-relu", look, {"batch_size": batch, "l2": DECAY * SAMPLES, **ink_is_one, **values})


def _epoch(preset: str, look: str, changes: Mapping[str, Any]) -> Epoch:
    from training.core.hyperparameters import PRESETS, Hyperparameters
    from training.core.loop import Loop
    from training.core.samples import Samples, TrainingSet
    from training.core.state import TrainingState

    inputs, labels = pictures(look)
    recipe = Hyperparameters.from_mapping(changes, base=PRESETS[preset])
    sizes = recipe.sizes(SIZES[-1])
    state = TrainingState.begin(recipe, n_inputs=sizes[0], n_classes=sizes[-1])
    loop = Loop(state, TrainingSet([Samples(inputs, labels)], recipe))
    return lambda: loop.epoch(lambda: False)


def ours_adamw(batch: int) -> Epoch:
    """training.core with AdamW."""
    return ours(batch, optimizer="adamw", learning_rate=0.001, l2=0, weight_decay=0.01)


def ours_moments(batch: int) -> Epoch:
    """training.core with SGD on letters as moments-1 makes them, which leave less paper."""
    return ours(batch, "moments")


def ours_whole(batch: int) -> Epoch:
    """training.core with SGD, with the whole products, paper and all: what augmentation is held against."""
    from training.core import loop
    from training.core.first_layer.dense import DenseFirstLayer
    from training.core.inputs.plain import PlainInputs

    def dense(hyperparameters: Any, samples: Any, *, dtype: Any, **_others: Any) -> DenseFirstLayer:
        return DenseFirstLayer(PlainInputs(samples, inverted=hyperparameters.inverted, dtype=dtype), dtype)

    vars(loop)["make_first_layer"] = dense
    return ours(batch)


def ours_augmented(batch: int) -> Epoch:
    """training.core with SGD, every picture warped."""
    return ours(batch, rotation=6, shear=0.15, scale=0.08, shift=0.9, elastic=0.8)


def ours_standard(batch: int) -> Epoch:
    """training.core as the preset standard has it, on pixels."""
    return _epoch("standard", "moments", {"batch_size": batch, "ink_specification": "moments-2"})


def ours_directions(batch: int) -> Epoch:
    """The same on directions of strokes, taken of every warped picture."""
    return _epoch("standard", "moments", {"batch_size": batch, "ink_specification": "directions-1"})


def products(batch: int) -> Epoch:
    """The eight bare products that the mathematics cannot avoid, unpadded, into arrays that exist."""
    from scipy.linalg.blas import sgemm

    rng = np.random.default_rng(1)
    layers = list(itertools.pairwise(SIZES))
    weights = [rng.normal(0, 0.01, (n_out, n_in)).astype(np.float32) for n_in, n_out in layers]
    a = [rng.normal(size=(n, batch)).astype(np.float32) for n in SIZES]
    delta = [np.zeros_like(each) for each in a]

    def epoch() -> tuple[list[Any], list[Any]]:
        for _ in range(-(-SAMPLES // batch)):
            for w, below, above in zip(weights, a, a[1:], strict=False):
                sgemm(1.0, below.T, w.T, 0.0, above.T, 0, 0, 1)
            for w, below, above in zip(weights[1:], delta[1:], delta[2:], strict=False):
                sgemm(1.0, above.T, w.T, 0.0, below.T, 0, 1, 1)
            for w, below, above in zip(weights, a, delta[1:], strict=False):
                sgemm(1e-9, below.T, above.T, 1.0, w.T, 1, 0, 1)
        return weights, a

    return epoch


def textbook(batch: int) -> Epoch:
    """A loop over samples in float64 with sigmoid and cross-entropy: Nielsen's network2.py, statement by statement.

    https://github.com/mnielsen/neural-networks-and-deep-learning, `update_mini_batch` and `backprop`.
    """
    inputs, labels = pictures()
    vectors = np.eye(SIZES[-1])[:, :, None]
    data = [
        (x[:, None] / 255, vectors[label])
        for x, label in zip(inputs[:TEXTBOOK_SAMPLES], labels[:TEXTBOOK_SAMPLES], strict=True)
    ]
    rng = np.random.default_rng(1)
    weights = [rng.normal(size=(n, m)) / m**0.5 for m, n in itertools.pairwise(SIZES)]
    biases = [rng.normal(size=(n, 1)) for n in SIZES[1:]]

    def epoch() -> list[Any]:
        for start in range(0, TEXTBOOK_SAMPLES, batch):
            mini_batch = data[start : start + batch]
            nabla_b, nabla_w = [np.zeros(b.shape) for b in biases], [np.zeros(w.shape) for w in weights]
            for x, y in mini_batch:
                by_b, by_w = _backprop(weights, biases, x, y)
                nabla_b = [nb + each for nb, each in zip(nabla_b, by_b, strict=True)]
                nabla_w = [nw + each for nw, each in zip(nabla_w, by_w, strict=True)]
            rate = RATE / len(mini_batch)
            weights[:] = [(1 - RATE * DECAY) * w - rate * nw for w, nw in zip(weights, nabla_w, strict=True)]
            biases[:] = [b - rate * nb for b, nb in zip(biases, nabla_b, strict=True)]
        return list(weights)

    return epoch


def _sigmoid(z: Any) -> Any:
    return 1.0 / (1.0 + np.exp(-z))


def _sigmoid_prime(z: Any) -> Any:
    return _sigmoid(z) * (1 - _sigmoid(z))


def _backprop(weights: list[Any], biases: list[Any], x: Any, y: Any) -> tuple[list[Any], list[Any]]:
    """Gradients of one sample."""
    nabla_b, nabla_w = [np.zeros(b.shape) for b in biases], [np.zeros(w.shape) for w in weights]
    activation, activations, zs = x, [x], []
    for b, w in zip(biases, weights, strict=True):
        z = np.dot(w, activation) + b
        zs.append(z)
        activation = _sigmoid(z)
        activations.append(activation)
    delta = activations[-1] - y
    nabla_b[-1], nabla_w[-1] = delta, np.dot(delta, activations[-2].transpose())
    for layer in range(2, len(SIZES)):
        delta = np.dot(weights[-layer + 1].transpose(), delta) * _sigmoid_prime(zs[-layer])
        nabla_b[-layer], nabla_w[-layer] = delta, np.dot(delta, activations[-layer - 1].transpose())
    return nabla_b, nabla_w


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
    "ours-standard": ours_standard,
    "ours-directions": ours_directions,
    "ours-moments": ours_moments,
    "ours-whole": ours_whole,
    "products": products,
    "textbook": textbook,
    "sklearn": sklearn,
    "torch": torch,
    "torch-adamw": torch_adamw,
}


def described() -> Mapping[str, Any]:
    """Versions, and the BLAS with its kernel where they are known."""
    try:
        from training.devices.benchmarks import environment
    except ImportError:  # a peer's environment has no Django
        return {"python": platform.python_version(), "numpy": np.__version__}
    return environment.describe()


def main() -> None:
    """Time one epoch after the other."""
    kind, batch = sys.argv[1], int(sys.argv[2])
    epoch = KINDS[kind](batch)
    scale = SAMPLES / TEXTBOOK_SAMPLES if kind == "textbook" else 1.0

    def repeat() -> float:
        start = time.process_time()
        epoch()
        return (time.process_time() - start) * scale

    serve({"environment": described()}, repeat)


if __name__ == "__main__":
    main()
