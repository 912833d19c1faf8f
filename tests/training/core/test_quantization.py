"""Training in whole numbers: it learns what it packs, and its gradient is that of the pass without rounding."""

import dataclasses

import numpy as np
import pytest
from numpy.typing import NDArray

from recognizer.core import model_file
from recognizer.core.ink import specification
from recognizer.core.model_file import ModelCard
from recognizer.core.network import Network
from recognizer.core.precision.calibration import calibrated
from training.core.hyperparameters import Hyperparameters
from training.core.quantization import tuning as quantization
from training.core.quantization.tuning import Batches, Tuning, WholeBatch, tune
from training.core.samples import Samples

CLASSES = 6
CENTRES = np.random.default_rng(1).integers(0, 2, (CLASSES, 784)) * 120


def samples(count: int, seed: int) -> Samples:
    """Noisy pictures of six classes."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, CLASSES, count).astype(np.uint8)
    return Samples(np.clip(CENTRES[labels] + rng.normal(60, 70, (count, 784)), 0, 255).astype(np.uint8), labels)


def parent(activation: str = "relu") -> Network:
    """A network whose hidden neurons know the classes a little."""
    rng = np.random.default_rng(2)
    first = (CENTRES[rng.integers(0, CLASSES, 12)] / 120 - 0.5) * 0.05 + rng.normal(0, 0.02, (12, 784))
    second = rng.normal(0, 0.6, (CLASSES, 12))
    return Network(
        (first.astype(np.float32), second.astype(np.float32)),
        (np.zeros(12, np.float32), np.zeros(CLASSES, np.float32)),
        activation,
    )


def batch(count: int, seed: int) -> WholeBatch:
    made = samples(count, seed)
    return WholeBatch(made.inputs.astype(np.float32), made.labels.astype(np.intp))


@pytest.mark.parametrize("activation", ["relu", "gelu"])
@pytest.mark.parametrize("precision", ["int8", "int4", "int2"])
def test_it_learns_and_what_it_trained_is_what_is_packed(
    precision: str, activation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quantization, "TEACHING", 0.0)  # the parent knows little
    monkeypatch.setattr(quantization, "RATES", {8: 0.5, 4: 0.2, 2: 0.1})  # and there are few steps
    network = parent(activation)
    start = calibrated(network, samples(300, 3).inputs, precision).network
    tuning = Tuning(start, network, steps=60)
    costs = [tuning.step(batch(64, seed)) for seed in range(60)]
    assert np.mean(costs[-10:]) < np.mean(costs[:10])
    tuned = tuning.network()
    test = samples(300, 999)
    card = ModelCard(
        name="tuned",
        sizes=tuned.sizes,
        activation=activation,
        ink_specification="moments-2",
        created="2026-11-29",
        letters="АБВГДЕ",
        precision=precision,
    )
    read = model_file.read(model_file.to_bytes(tuned, card)).network
    ours = tuning.logits(test.inputs.astype(np.float32))
    theirs = read.read_layers(test.inputs)[1]
    assert np.abs(ours - theirs).max() <= tuned.logit_scale, "they differ by the rounding of the logits alone"


def numeric(tuning: Tuning, inputs: NDArray[np.float32], step: float, index: tuple[int, int]) -> float:
    """How the logits' sum of squares changes with a weight of the last layer, rounding nothing else."""
    layer = tuning.layers[-1]
    sums = []
    for sign in (1, -1):
        layer.weights[index] += sign * step
        sums.append(float((tuning.logits(inputs).astype(np.float64) ** 2).sum()))
        layer.weights[index] -= sign * step
    return (sums[0] - sums[1]) / (2 * step)


def test_a_step_of_a_whole_level_changes_the_logits_as_the_slope_says() -> None:
    network = parent()
    tuning = Tuning(calibrated(network, samples(300, 3).inputs, "int8").network, network, steps=1)
    inputs = samples(20, 5).inputs.astype(np.float32)
    logits = tuning.logits(inputs).astype(np.float64)
    layer = tuning.layers[-1]
    scale = tuning.network().logit_scale
    slope = 2 * (logits[:, 2] * layer.inputs[:, 4]).sum() * layer.factors[2] * scale
    assert numeric(tuning, inputs, 1.0, (2, 4)) == pytest.approx(slope, rel=1e-3)


def test_epochs_are_reproducible_and_augmented() -> None:
    network = parent()
    start = calibrated(network, samples(300, 3).inputs, "int4").network
    recipe = Hyperparameters(hidden_layers=(12,), rotation=5, batch_size=32, epochs=2, seed=4)
    found = []
    for changes in ({}, {}, {"seed": 5}):
        batches = Batches(dataclasses.replace(recipe, **changes), [samples(200, 6)], specification("moments-2"))  # type: ignore[arg-type]
        assert batches.steps == 6
        found.append([each.weights_sha256() for _cost, each in tune(start, network, batches, epochs=2)])
    assert found[0] == found[1] != found[2]
    assert len(found[0]) == 2


def test_a_stop_between_steps() -> None:
    network = parent()
    start = calibrated(network, samples(300, 3).inputs, "int4").network
    batches = Batches(
        Hyperparameters(hidden_layers=(12,), batch_size=32), [samples(200, 6)], specification("moments-2")
    )

    def stop() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        list(tune(start, network, batches, epochs=1, check=stop))
