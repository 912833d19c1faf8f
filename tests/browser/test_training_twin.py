"""The training step that the page runs in a real Chromium is `training.core`'s: same gradients, same losses."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Page

from training.core.hyperparameters import Hyperparameters
from training.core.reference import Reference, cost
from training.core.samples import Samples
from training.core.state import TrainingState
from training.core.trainer import train

TOLERANCE = 1e-5
"""Of a gradient, absolute; both compute in float64, so that they are far nearer."""
SIZES = (100, 24, 16, 33)
PAIRS = [
    ("cross-entropy", "softmax", "exact"),
    ("binary-cross-entropy", "sigmoid", "exact"),
    ("binary-cross-entropy", "softmax", "exact"),
    ("quadratic", "sigmoid", "exact"),
    ("quadratic", "softmax", "exact"),
    ("quadratic", "softmax", "elementwise"),
]
STEPS, BATCH, SAMPLES = 12, 10, 120

BEGIN = """async ([recipe, weights, biases, inputs, labels]) => {
  const { Trainer } = await import("/static/js/training/trainer.js");
  const layers = weights.map((matrix, index) => ({
    inputs: matrix[0].length,
    neurons: matrix.length,
    weights: Float64Array.from(matrix[0].flatMap((_, input) => matrix.map((row) => row[input]))),
    biases: Float64Array.from(biases[index]),
  }));
  const samples = { inputs: Uint8Array.from(inputs.flat()), labels: Uint8Array.from(labels) };
  window.samples = samples;
  window.trainer = new Trainer(recipe, samples, biases.at(-1).length, layers);
}"""
GRADIENTS = """(chosen) => {
  const { cost } = trainer.stepOn(chosen);
  const row = ({ inputs, neurons, weights }, n) => Array.from({ length: inputs }, (_, i) => weights[i * neurons + n]);
  return [cost, ...trainer.gradients.flatMap((layer) => [
    Array.from(layer.biases, (_, neuron) => row(layer, neuron)),
    Array.from(layer.biases),
  ])];
}"""
LOSSES = "(batches) => batches.map((chosen) => trainer.stepOn(chosen).cost / chosen.length)"
SCORE = "() => trainer.score(samples)"
DRAWS = """async (seed) => {
  const { Random } = await import("/static/js/training/random.js");
  const { initialized } = await import("/static/js/training/parameters.js");
  const [one, again, other] = [[seed, 0], [seed, 0], [seed, 1]].map(([s, purpose]) => new Random(s, purpose));
  const draw = (random) => Array.from({ length: 4000 }, () => random.normal());
  const layers = initialized([784, 64, 33], "scaled-normal", new Random(seed));
  return [draw(one), draw(again), draw(other), Array.from(one.permutation(500)), Array.from(layers[0].weights)];
}"""


def recipe(**changes: Any) -> dict[str, Any]:
    """As the page writes it."""
    return {
        "hiddenLayers": list(SIZES[1:-1]), "activation": "sigmoid", "output": "softmax", "cost": "cross-entropy",
        "outputError": "exact", "initializer": "scaled-normal", "learningRate": 0.3, "batchSize": BATCH, "l2": 2.0,
        "seed": 1,
    } | changes  # fmt: skip


def material(seed: int) -> tuple[list[NDArray[Any]], list[NDArray[Any]], NDArray[np.uint8], NDArray[np.intp]]:
    """Weights, biases, inputs and labels; a third of the pixels is ink."""
    rng = np.random.default_rng(seed)
    shapes = list(zip(SIZES[1:], SIZES[:-1], strict=True))
    weights = [rng.normal(0, 1.5 / np.sqrt(n_in), (n_out, n_in)) for n_out, n_in in shapes]
    biases = [rng.normal(0, 0.5, n_out) for n_out, _n_in in shapes]
    inputs = (rng.integers(1, 256, (SAMPLES, SIZES[0])) * (rng.random((SAMPLES, SIZES[0])) < 0.3)).astype(np.uint8)
    return weights, biases, inputs, rng.integers(0, SIZES[-1], SAMPLES)


def begin(page: Page, chosen: dict[str, Any], seed: int) -> tuple[Reference, NDArray[Any], NDArray[Any]]:
    """The same network on the page and here; also inputs in 0…1 and targets."""
    weights, biases, inputs, labels = material(seed)
    page.evaluate(
        BEGIN, [chosen, [w.tolist() for w in weights], [b.tolist() for b in biases], inputs.tolist(), labels.tolist()]
    )
    reference = Reference(
        weights, biases, chosen["activation"], chosen["output"], chosen["cost"], output_error=chosen["outputError"]
    )
    return reference, inputs / 255, np.eye(SIZES[-1])[labels]


def test_gradients_are_cores(bare: Page) -> None:
    for activation, (kind, output, error) in product(("sigmoid", "relu", "gelu"), PAIRS):
        chosen = recipe(activation=activation, cost=kind, output=output, outputError=error)
        reference, inputs, targets = begin(bare, chosen, seed=3)
        batch = list(range(5))
        total, *found = bare.evaluate(GRADIENTS, batch)
        sums = [reference.gradients(inputs[number], targets[number]) for number in batch]
        for layer in range(len(SIZES) - 1):
            for part in (0, 1):
                expected = np.sum([each[part][layer] for each in sums], axis=0)
                np.testing.assert_allclose(found[2 * layer + part], expected, atol=TOLERANCE, err_msg=str(chosen))
                assert np.abs(expected).max() > 100 * TOLERANCE, "there is something to compare"
        expected_cost = sum(cost(kind, reference.outputs(inputs[number]), targets[number]) for number in batch)
        assert total == pytest.approx(expected_cost, rel=1e-9)


@pytest.mark.parametrize("activation", ["sigmoid", "relu"])
def test_a_few_steps_of_training_have_the_same_losses(bare: Page, activation: str) -> None:
    chosen = recipe(activation=activation)
    reference, inputs, targets = begin(bare, chosen, seed=4)
    batches = np.random.default_rng(5).integers(0, SAMPLES, (STEPS, BATCH)).tolist()
    expected = []
    for batch in batches:
        expected.append(np.mean([cost("cross-entropy", reference.outputs(inputs[n]), targets[n]) for n in batch]))
        reference.update(inputs[batch], targets[batch], learning_rate=0.3, l2=2.0, n=SAMPLES)
    np.testing.assert_allclose(bare.evaluate(LOSSES, batches), expected, rtol=1e-9)
    assert expected[-1] != pytest.approx(expected[0], rel=0.01)
    found = bare.evaluate(SCORE)
    outputs = np.stack([reference.outputs(x) for x in inputs])
    assert found["accuracy"] == (outputs.argmax(axis=1) == targets.argmax(axis=1)).mean()


def test_a_whole_epoch_ends_as_the_fast_training_does(bare: Page) -> None:
    """Full gradient descent has no order that could differ: five epochs of `training.core.trainer.train`."""
    weights, biases, inputs, labels = material(6)
    labels[:33] = range(33)
    options = Hyperparameters(
        hidden_layers=SIZES[1:-1], activation="sigmoid", learning_rate=0.5, l2=3.0, batch_size=SAMPLES, epochs=5,
        optimizer="sgd", ink_specification="raw-28",
    )  # fmt: skip
    state = TrainingState.begin(options, n_inputs=SIZES[0], n_classes=SIZES[-1])
    network = state.network()
    weights = [each.astype(np.float64) for each in network.weights]
    biases = [each.astype(np.float64) for each in network.biases]
    chosen = recipe(learningRate=0.5, l2=3.0, batchSize=SAMPLES)
    bare.evaluate(
        BEGIN, [chosen, [w.tolist() for w in weights], [b.tolist() for b in biases], inputs.tolist(), labels.tolist()]
    )
    samples = Samples(inputs, labels)
    expected = [each.train_cost for each in train(state, samples, samples)]
    found = bare.evaluate(LOSSES, [list(range(SAMPLES))] * 5)
    np.testing.assert_allclose(found, expected, rtol=1e-4)  # core trains in float32


def test_random_numbers_repeat_and_are_normal(bare: Page) -> None:
    one, again, other, order, weights = bare.evaluate(DRAWS, 7)
    assert one == again
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.06
    assert abs(np.mean(one)) < 0.06
    assert np.std(one) == pytest.approx(1, abs=0.05)
    assert sorted(order) == list(range(500))
    assert order != sorted(order)
    assert np.std(weights) == pytest.approx(1 / 28, rel=0.02)
