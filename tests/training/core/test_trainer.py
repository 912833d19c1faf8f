"""train(): it learns, repeats itself to the bit, and can be stopped and gone on with at any point."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.training.core.conftest import MakeSamples
from tests.training.core.recipes import ReferenceTraining, recipe
from training.core import checkpoint
from training.core.evaluation import evaluate
from training.core.hyperparameters import PRESETS, HyperparameterError, Hyperparameters
from training.core.samples import Samples, SamplesError
from training.core.seeds import Purpose, generator
from training.core.trainer import DivergedError, EpochMetrics, TrainingState, train

EVERYTHING = Hyperparameters(
    hidden_layers=(12, 8),
    batch_normalization=True,
    dropout=0.1,
    label_smoothing=0.05,
    optimizer="adamw",
    learning_rate=0.01,
    weight_decay=0.01,
    gradient_clipping=5,
    ema=0.9,
    batch_size=13,
    epochs=4,
    schedule="cosine",
    warmup_steps=5,
    early_stopping=3,
    rotation=5,
    shear=0.1,
    scale=0.1,
    shift=0.5,
    elastic=0.2,
    thickness=0.2,
    noise=0.05,
)


def begin(h: Hyperparameters, **options: Any) -> TrainingState:
    return TrainingState.begin(h, n_inputs=16, n_classes=3, **options)


def same_bits(first: TrainingState, second: TrainingState) -> bool:
    arrays = first.arrays.keys() == second.arrays.keys() and all(
        first.arrays[name].tobytes() == second.arrays[name].tobytes() for name in first.arrays
    )
    rest = [{k: v for k, v in vars(state).items() if k != "arrays"} for state in (first, second)]
    return arrays and rest[0] == rest[1]


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_learns(name: str, make_samples: MakeSamples) -> None:
    """Made small, on pixels: warps would spoil 4×4 of them, and what is tuned for 80,000 samples needs more steps."""
    ink = {"ink_specification": "raw-28" if name.startswith("thesis") else "moments-2"}
    small = {**ink, "hidden_layers": (20, 12), "batch_size": 20, "epochs": 12, "warmup_steps": 0, "l2": 0, "ema": 0}
    no_warps = dict.fromkeys(("rotation", "shear", "scale", "shift", "elastic"), 0)
    rate = 0.5 if PRESETS[name].activation == "sigmoid" else 0.02
    h = Hyperparameters.from_mapping({**small, **no_warps, "learning_rate": rate}, base=PRESETS[name])
    state = begin(h)
    samples, validation = make_samples(600), make_samples(60, seed=1)
    *_, last = train(state, samples, validation)
    assert last.epoch == state.epoch == 12
    assert last.validation_accuracy > 0.95
    assert last.train_accuracy > 0.8
    found = evaluate(state.network(), validation.inputs, validation.labels)
    assert found.accuracy == last.validation_accuracy


def test_epoch_is_the_references(make_samples: MakeSamples) -> None:
    """A whole epoch, shuffled and with a short last mini-batch, is what the reference makes of the same order."""
    h = recipe(hidden_layers=(6,), l2=0.5, batch_size=7, epochs=1)
    samples = make_samples(45)
    state = begin(h, dtype=np.float64)
    book = ReferenceTraining.of(state)
    list(train(state, samples, samples))
    order = generator(h.seed, Purpose.SHUFFLE, 0).permutation(45)
    for start in range(0, 45, 7):
        chosen = order[start : start + 7]
        book.update(samples.inputs[chosen] / 255, np.eye(3)[samples.labels[chosen]], n=45)
    np.testing.assert_allclose(state.parameters().weights[0], book.weights[0], atol=1e-9)
    np.testing.assert_allclose(state.parameters().biases[1], book.biases[1], atol=1e-9)


def test_batch_of_all_samples_is_full_gradient_descent(make_samples: MakeSamples) -> None:
    """(1.10), (1.11): one step an epoch, along the gradient over all samples, in any order."""
    samples = make_samples(30)
    results = []
    for size, seed in ((30, 1), (1000, 1)):
        state = begin(recipe(batch_size=size, epochs=3, seed=seed), dtype=np.float64)
        list(train(state, samples, samples))
        assert state.step == 3
        results.append(state.arrays["parameters"])
    np.testing.assert_array_equal(results[0], results[1])
    shuffled = begin(recipe(batch_size=30, epochs=3), dtype=np.float64)
    order = np.random.default_rng(5).permutation(30)
    list(train(shuffled, Samples(samples.inputs[order], samples.labels[order]), samples))
    np.testing.assert_allclose(shuffled.arrays["parameters"], results[0], atol=1e-12)


def test_costs_are_those_of_the_network(make_samples: MakeSamples) -> None:
    """With a learning rate of almost 0, both costs are the untouched network's."""
    h = recipe(learning_rate=1e-7, epochs=1, batch_size=7)
    samples = make_samples(45)
    state = begin(h, dtype=np.float64)
    expected = ReferenceTraining.of(state).total_cost(samples.inputs / 255, np.eye(3)[samples.labels], n=45)
    metrics = next(train(state, samples, samples))
    assert metrics.train_cost == pytest.approx(expected, rel=1e-5)
    assert metrics.validation_cost == pytest.approx(expected, rel=1e-5)
    assert metrics.train_accuracy == metrics.validation_accuracy


@pytest.mark.parametrize("h", [recipe(batch_size=15), EVERYTHING], ids=["plain", "everything"])
def test_same_seed_same_bits(h: Hyperparameters, make_samples: MakeSamples) -> None:
    samples, validation = make_samples(), make_samples(20, seed=1)
    states = [begin(h), begin(h), begin(dataclasses.replace(h, seed=2))]
    for state in states:
        list(train(state, samples, validation))
    assert same_bits(states[0], states[1])
    assert states[0].network().weights_sha256() == states[1].network().weights_sha256()
    assert states[0].network().weights_sha256() != states[2].network().weights_sha256()


@pytest.mark.parametrize("h", [recipe(batch_size=15, epochs=4, l2=1), EVERYTHING], ids=["plain", "everything"])
@pytest.mark.parametrize("asked", [1, 4, 5, 9])
def test_stopped_anywhere_and_gone_on_with_gives_the_same_bits(
    h: Hyperparameters, asked: int, make_samples: MakeSamples, tmp_path: Path
) -> None:
    samples, validation = make_samples(), make_samples(20, seed=1)
    undisturbed = begin(h)
    all_metrics = list(train(undisturbed, samples, validation))
    answers = iter([False] * asked + [True])
    state = begin(h)
    checkpoint.save(tmp_path / "c.npz", state)
    before = []
    for metrics in train(state, samples, validation, should_stop=lambda: next(answers)):
        before.append(metrics)
        checkpoint.save(tmp_path / "c.npz", state)
    assert len(before) < len(all_metrics)
    again = checkpoint.load(tmp_path / "c.npz")
    assert again.epoch == len(before)
    after = list(train(again, samples, validation))
    assert same_bits(again, undisturbed)
    assert [_timeless(m) for m in before + after] == [_timeless(m) for m in all_metrics]


def _timeless(metrics: EpochMetrics) -> EpochMetrics:
    return dataclasses.replace(metrics, seconds=0)


def test_leaving_the_loop_keeps_the_finished_epochs(make_samples: MakeSamples) -> None:
    state = begin(recipe(epochs=5))
    for metrics in train(state, make_samples(), make_samples()):
        if metrics.epoch == 2:
            break
    assert state.epoch == 2
    assert [m.epoch for m in train(state, make_samples(), make_samples())] == [3, 4, 5]
    assert list(train(state, make_samples(), make_samples())) == []


def test_stop_throws_the_begun_epoch_away(make_samples: MakeSamples) -> None:
    state = begin(EVERYTHING)
    before = state.copy()
    answers = iter([False, False, False, True])
    assert list(train(state, make_samples(), make_samples(), should_stop=lambda: next(answers))) == []
    assert same_bits(state, before)


@pytest.mark.filterwarnings("error")
def test_divergence_says_when_and_why_and_keeps_the_last_good_epoch(make_samples: MakeSamples) -> None:
    state = begin(recipe(activation="relu", learning_rate=100, hidden_layers=(64, 64, 64), epochs=50))
    with pytest.raises(DivergedError, match="the learning rate 100 is too high; try 33") as caught:
        list(train(state, make_samples(400), make_samples(), should_stop=None))
    assert caught.value.epoch == state.epoch + 1
    assert all(np.isfinite(array).all() for array in state.arrays.values())


def test_penalty_that_leaves_no_weights_is_refused(make_samples: MakeSamples) -> None:
    with pytest.raises(HyperparameterError, match="l2: times the learning rate"):
        list(train(begin(recipe(l2=1000, learning_rate=1)), make_samples(), make_samples()))


def test_early_stopping_serves_the_best_epoch(make_samples: MakeSamples) -> None:
    h = recipe(early_stopping=2, epochs=60, learning_rate=0.3)
    state = begin(h)
    validation = make_samples(30, seed=1)
    accuracies = [m.validation_accuracy for m in train(state, make_samples(90), validation)]
    best = int(np.argmax(accuracies)) + 1
    assert len(accuracies) == best + 2 < 60
    assert (state.best_epoch, state.best_accuracy) == (best, max(accuracies))
    found = evaluate(state.network(), validation.inputs, validation.labels).accuracy
    assert found == max(accuracies)


def test_plateau_cuts_the_learning_rate(make_samples: MakeSamples) -> None:
    h = recipe(schedule="plateau", step_epochs=2, step_factor=0.1, epochs=12, learning_rate=0.5)
    state = begin(h)
    accuracies = [m.validation_accuracy for m in train(state, make_samples(90), make_samples(30, seed=1))]
    cuts, waited, best = 0, 0, -1.0
    for accuracy in accuracies:
        waited = 0 if accuracy > best else waited + 1
        best = max(best, accuracy)
        if waited == 2:
            cuts, waited = cuts + 1, 0
    assert cuts > 0
    assert state.plateau_factor == pytest.approx(0.1**cuts)


def test_inverted_inputs_are_folded_into_the_first_layer(make_samples: MakeSamples) -> None:
    """Training on inverted inputs is training on 255 − x; the network then reads x as it is."""
    samples = make_samples()
    turned = Samples(255 - samples.inputs, samples.labels)
    inverted, plain = begin(recipe(inverted=True, epochs=3)), begin(recipe(epochs=3))
    list(train(inverted, samples, samples))
    list(train(plain, turned, turned))
    x = samples.inputs[:5].astype(np.float32) / np.float32(255)
    white = np.ones_like(x)
    np.testing.assert_allclose(inverted.network().logits(x), plain.network().logits(white - x), atol=1e-4)


@pytest.mark.parametrize("option", ["class_weights", "class_sampling"])
def test_balancing_raises_a_rare_class(option: str, make_samples: MakeSamples) -> None:
    samples = make_samples(300, noise=150)
    kept = (samples.labels != 2) | (np.arange(300) % 15 == 2)
    rare = Samples(samples.inputs[kept], samples.labels[kept])
    recalls = []
    for kind in ("none", "balanced"):
        state = begin(recipe(**{option: kind}, epochs=15))
        list(train(state, rare, rare))
        recalls.append(evaluate(state.network(), samples.inputs, samples.labels).per_class[2])
    assert recalls[1] > recalls[0]


@pytest.mark.parametrize("name", ["source_weights", "closing_weights"])
def test_sources_must_match_their_shares(name: str, make_samples: MakeSamples) -> None:
    with pytest.raises(HyperparameterError, match=f"{name}: has 3 shares for 2 data"):
        list(train(begin(recipe(**{name: (1, 2, 3)})), [make_samples(), make_samples()], make_samples()))


@pytest.mark.parametrize(
    ("n_inputs", "n_classes", "message"),
    [
        (15, 3, "training inputs have 16 values; the network reads 15"),
        (16, 2, "labels go from 0 to 2; they must be 0 to 1"),
        (16, 5, "no training sample with label 3, 4"),
    ],
)
def test_data_that_do_not_fit(n_inputs: int, n_classes: int, message: str, make_samples: MakeSamples) -> None:
    state = TrainingState.begin(recipe(), n_inputs=n_inputs, n_classes=n_classes)
    with pytest.raises(SamplesError, match=message):
        list(train(state, make_samples(), make_samples()))


def test_nothing_to_train_on_or_to_validate_with(make_samples: MakeSamples) -> None:
    empty = Samples(np.empty((0, 16), np.uint8), np.empty(0, np.intp))
    for training, validation, message in (
        ([], make_samples(), "no data set"),
        (empty, make_samples(), "no training samples"),
        (make_samples(), empty, "no validation samples"),
    ):
        with pytest.raises(SamplesError, match=message):
            list(train(begin(recipe()), training, validation))


def test_augmentation_wants_square_pictures(make_samples: MakeSamples) -> None:
    state = TrainingState.begin(recipe(rotation=3), n_inputs=15, n_classes=3)
    samples = make_samples(n_inputs=15)
    with pytest.raises(HyperparameterError, match="square pictures, not 15 inputs"):
        list(train(state, samples, samples))
