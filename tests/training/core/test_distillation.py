"""Teachers: their part of the targets, and a training that depends on them to the bit."""

from __future__ import annotations

import dataclasses
import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recognizer.core.network import Network
from tests.training.core.conftest import MakeSamples
from tests.training.core.recipes import ReferenceTraining, recipe
from tests.training.core.test_trainer import EVERYTHING, begin, same_bits
from training.core import checkpoint
from training.core.checkpoint import CheckpointError
from training.core.distillation import Teachers
from training.core.evaluation import evaluate
from training.core.samples import Samples
from training.core.seeds import Purpose, generator
from training.core.trainer import TeacherError, TrainingState, train

DOUBLE = np.dtype(np.float64)


def network(seed: int = 0, *, sizes: tuple[int, ...] = (16, 9, 3), activation: str = "relu") -> Network:
    rng = np.random.default_rng(seed)
    weights = tuple(rng.normal(0, 1, (n, m)).astype(np.float32) for m, n in itertools.pairwise(sizes))
    return Network(weights, tuple(rng.normal(0, 1, n).astype(np.float32) for n in sizes[1:]), activation)


def softened(teacher: Network, x: np.ndarray[Any, Any], temperature: float) -> np.ndarray[Any, Any]:
    """softmax(z / T), one input a row, as it stands in the paper."""
    a = x
    for w, b in zip(teacher.weights[:-1], teacher.biases[:-1], strict=True):
        z = a @ w.T.astype(float) + b
        a = np.maximum(z, 0) if teacher.activation == "relu" else 1 / (1 + np.exp(-z))
    powers = np.exp((a @ teacher.weights[-1].T.astype(float) + teacher.biases[-1]) / temperature)
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize("temperature", [0.5, 1, 4])
def test_targets_are_the_mean_of_the_softened_probabilities(temperature: float, inverted: bool) -> None:
    """Of inputs in units of 1/255, in either memory order, inverted or not, columns of padding among them."""
    h = recipe(distillation=0.6, temperature=temperature, inverted=inverted)
    networks = [network(0), network(1, sizes=(16, 7, 5, 3), activation="sigmoid"), network(2, sizes=(16, 3))]
    teachers = Teachers(networks, h, unit=1 / 255, dtype=DOUBLE)
    x = np.random.default_rng(3).random((32, 16))
    read = 1 - x if inverted else x
    expected = 0.6 * np.mean([softened(teacher, read, temperature) for teacher in networks], axis=0)
    by_sample, by_feature = (255 * x).T, np.ascontiguousarray((255 * x).T)
    for inputs in (by_sample, by_feature, by_sample):  # the last one: buffers that were used before
        np.testing.assert_allclose(teachers.soft_targets(inputs), expected.T, rtol=1e-5)


@pytest.mark.parametrize(
    ("cost", "output"),
    [("cross-entropy", "softmax"), ("binary-cross-entropy", "sigmoid"), ("quadratic", "softmax")],
)
def test_epoch_is_the_references_with_mixed_targets(cost: str, output: str, make_samples: MakeSamples) -> None:
    """Mini-batches of 7 of 45: each padded, the last one short."""
    h = recipe(
        cost=cost, output=output, batch_size=7, epochs=1, distillation=0.4, temperature=2, label_smoothing=0.1, l2=0.5
    )
    samples, teachers = make_samples(45), [network(0), network(1)]
    state = begin(h, dtype=np.float64)
    book = ReferenceTraining.of(state)
    list(train(state, samples, samples, teachers=teachers))
    order = generator(h.seed, Purpose.SHUFFLE, 0).permutation(45)
    hard = np.eye(3) * 0.9 + 0.1 / 3
    for start in range(0, 45, 7):
        chosen = order[start : start + 7]
        x = samples.inputs[chosen] / 255
        taught = np.mean([softened(teacher, x, 2) for teacher in teachers], axis=0)
        book.update(x, 0.6 * hard[samples.labels[chosen]] + 0.4 * taught, n=45)
    np.testing.assert_allclose(state.parameters().weights[0], book.weights[0], atol=1e-7)
    np.testing.assert_allclose(state.parameters().biases[1], book.biases[1], atol=1e-7)


def test_the_cost_that_is_reported_is_the_plain_one(make_samples: MakeSamples) -> None:
    """With a learning rate of almost 0 it is the untouched network's, whatever the teachers say."""
    samples = make_samples(45)
    plain = recipe(learning_rate=1e-7, epochs=1)
    costs = []
    for h, teachers in ((plain, []), (dataclasses.replace(plain, distillation=1), [network()])):
        costs.append(next(train(begin(h), samples, samples, teachers=teachers)).train_cost)
    assert costs[0] == pytest.approx(costs[1], rel=1e-4)


def test_teachers_alone_teach_what_they_know(make_samples: MakeSamples) -> None:
    """A pupil whose labels count for nothing, and are wrong, reads like its teacher."""
    samples, validation = make_samples(300), make_samples(60, seed=1)
    teacher = begin(recipe(epochs=20, activation="relu"))
    list(train(teacher, samples, validation))
    h = recipe(epochs=20, activation="relu", distillation=1)
    wrong = Samples(samples.inputs, np.roll(samples.labels, 1))
    pupil = begin(h)
    list(train(pupil, wrong, validation, teachers=[teacher.network()]))
    assert evaluate(pupil.network(), validation.inputs, validation.labels).accuracy > 0.95


def test_teachers_read_the_augmented_inputs(make_samples: MakeSamples) -> None:
    """Each mini-batch's targets are the teacher's answer to what the pupil read in it."""
    h = recipe(epochs=1, batch_size=20, distillation=0.5, rotation=20, noise=0.3)
    samples, seen = make_samples(60), []
    original = Teachers.soft_targets

    def watched(self: Teachers, inputs: Any) -> Any:
        seen.append(inputs[:, :20].T.copy())
        answer = original(self, inputs)
        np.testing.assert_allclose(answer[:, :20].T, 0.5 * softened(network(), seen[-1], 1), rtol=1e-3)
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Teachers, "soft_targets", watched)
        list(train(begin(h), samples, samples, teachers=[network()]))
    originals = {row.tobytes() for row in (samples.inputs / np.float32(255)).astype(np.float32)}
    assert len(seen) == 3
    assert not originals & {row.astype(np.float32).tobytes() for inputs in seen for row in inputs}


TAUGHT = dataclasses.replace(EVERYTHING, distillation=0.5, temperature=2)


def test_same_bits_whatever_the_order_and_wherever_it_was_stopped(make_samples: MakeSamples, tmp_path: Path) -> None:
    samples, validation, teachers = make_samples(), make_samples(20, seed=1), [network(0), network(1)]
    undisturbed, turned, alone = begin(TAUGHT), begin(TAUGHT), begin(TAUGHT)
    list(train(undisturbed, samples, validation, teachers=teachers))
    list(train(turned, samples, validation, teachers=teachers[::-1]))
    list(train(alone, samples, validation, teachers=teachers[:1]))
    assert same_bits(undisturbed, turned)
    assert not same_bits(undisturbed, alone)
    stopped = begin(TAUGHT)
    answers = iter([False] * 7 + [True])
    list(train(stopped, samples, validation, teachers=teachers, should_stop=lambda: next(answers)))
    assert stopped.epoch == 1
    checkpoint.save(tmp_path / "c.npz", stopped)
    again = checkpoint.load(tmp_path / "c.npz")
    assert again.teachers == tuple(sorted(teacher.weights_sha256() for teacher in teachers))
    list(train(again, samples, validation, teachers=teachers))
    assert same_bits(again, undisturbed)


def test_another_teacher_is_refused_and_the_state_stays(make_samples: MakeSamples) -> None:
    samples, state = make_samples(), begin(TAUGHT)
    next(train(state, samples, samples, teachers=[network(0)]))
    before = state.copy()
    for others in ([network(1)], [network(0), network(1)]):
        with pytest.raises(TeacherError, match="began with other teachers"):
            list(train(state, samples, samples, teachers=others))
        assert same_bits(state, before)


@pytest.mark.parametrize(
    ("changes", "teachers", "message"),
    [
        ({"distillation": 0.5}, [], "distillation needs a teacher"),
        ({}, [network()], "distillation is 0: set its share"),
        ({"distillation": 0.5}, [network(), network(sizes=(16, 4))], "Teacher 2 reads 16 inputs and tells 4 classes"),
        ({"distillation": 0.5}, [network(sizes=(25, 3))], "Teacher 1 reads 25 inputs .*; the network has 16 and 3"),
    ],
)
def test_teachers_that_cannot_teach(
    changes: dict[str, float], teachers: list[Network], message: str, make_samples: MakeSamples
) -> None:
    with pytest.raises(TeacherError, match=message):
        list(train(begin(recipe(**changes)), make_samples(), make_samples(), teachers=teachers))


@pytest.fixture
def taught(make_samples: MakeSamples) -> TrainingState:
    state = begin(recipe(distillation=0.5, epochs=2))
    next(train(state, make_samples(), make_samples(), teachers=[network()]))
    return state


def rewritten(path: Path, state: TrainingState, change: Any) -> Path:
    """A checkpoint whose description was changed by hand."""
    checkpoint.save(path, state)
    with np.load(path) as members:
        arrays = {name: members[name] for name in members.files}
    document = json.loads(str(arrays.pop("state")))
    change(document)
    np.savez(path, state=np.array(json.dumps(document)), **arrays)
    return path


@pytest.mark.parametrize("teachers", ["abc", [5], ["A" * 64], {"a": 1}, None])
def test_tampered_teachers(teachers: object, taught: TrainingState, tmp_path: Path) -> None:
    path = rewritten(tmp_path / "c.npz", taught, lambda document: document.update(teachers=teachers))
    with pytest.raises(CheckpointError, match="damaged description: teachers is"):
        checkpoint.load(path)
