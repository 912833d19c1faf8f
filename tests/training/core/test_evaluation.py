"""Evaluation: counts, ties, five best, and classes without samples."""

from __future__ import annotations

import numpy as np
import pytest

from recognizer.core.network import Network
from tests.training.core.recipes import recipe
from training.core import evaluation
from training.core.evaluation import Tally, evaluate
from training.core.reference import cost
from training.core.samples import Bytes, Labels, SamplesError

CLASSES = 7


def copying_network() -> Network:
    """Logits are the inputs."""
    return Network((np.eye(CLASSES, dtype=np.float32),), (np.zeros(CLASSES, np.float32),), "relu")


def test_counts_are_those_of_a_plain_loop() -> None:
    rng = np.random.default_rng(0)
    inputs, labels = rng.integers(0, 256, (500, CLASSES)).astype(np.uint8), rng.integers(0, CLASSES, 500)
    found = evaluate(copying_network(), inputs, labels)
    read = inputs.argmax(axis=1)
    confusion = np.zeros((CLASSES, CLASSES))
    for truth, guess in zip(labels, read, strict=True):
        confusion[truth, guess] += 1
    np.testing.assert_array_equal(found.confusion, confusion)
    assert (found.images, found.correct) == (500, int((read == labels).sum()))
    assert found.accuracy == found.correct / 500
    np.testing.assert_allclose(found.per_class, np.diag(confusion) / confusion.sum(axis=1))
    ranks = [
        (row > row[label]).sum() + (row[:label] == row[label]).sum() for row, label in zip(inputs, labels, strict=True)
    ]
    assert found.top5 == np.mean(np.array(ranks) < 5)


def test_class_without_samples_has_no_accuracy() -> None:
    found = evaluate(copying_network(), np.eye(CLASSES, dtype=np.uint8)[:2], np.array([0, 1]))
    assert found.accuracy == 1
    assert np.isnan(found.per_class[2:]).all()


@pytest.mark.parametrize(
    ("inputs", "labels", "message"),
    [
        (np.zeros((0, CLASSES), np.uint8), np.zeros(0, int), "no evaluation samples"),
        (np.zeros((2, 3), np.uint8), np.zeros(2, int), "have 3 values; the network reads 7"),
        (np.zeros((2, CLASSES), np.uint8), np.array([0, CLASSES]), "must be 0 to 6"),
    ],
)
def test_samples_that_do_not_fit(inputs: Bytes, labels: Labels, message: str) -> None:
    with pytest.raises(SamplesError, match=message):
        evaluate(copying_network(), inputs, labels)


def test_tally_does_not_depend_on_how_outputs_come() -> None:
    rng = np.random.default_rng(1)
    n = evaluation.CHUNK * 2 + 17
    outputs, labels = rng.dirichlet(np.ones(3), n).T, rng.integers(0, 3, n)
    expected = np.mean([cost("quadratic", outputs[:, i], np.eye(3)[labels[i]]) for i in range(n)])
    for step in (15, 1000, n):
        tally = Tally(recipe(cost="quadratic"), 3)
        for start in range(0, n, step):
            tally.add(outputs[:, start : start + step], labels[start : start + step])
        found = tally.result()
        assert found[0] == pytest.approx(expected, rel=1e-12)
        assert found[1] == (outputs.argmax(axis=0) == labels).mean()
