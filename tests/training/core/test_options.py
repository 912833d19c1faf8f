"""Every option does something, says where it comes from, and whatever is chosen ends in figures or in a clear error."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from recognizer.core.ink import specification
from recognizer.core.network import Network
from tests.training.core.conftest import MakeSamples
from tests.training.core.recipes import ReferenceTraining, recipe
from training.core.costs import OUTPUT_ERRORS
from training.core.hyperparameters import FIELDS, Field, HyperparameterError, Hyperparameters
from training.core.optimization import pruning
from training.core.samples import Samples
from training.core.seeds import Purpose, generator
from training.core.trainer import DivergedError, TeacherError, TrainingState, train

N_INPUTS, CLASSES = 16, 3
BASE = {"hidden_layers": (6,), "epochs": 3, "batch_size": 7, "learning_rate": 0.2, "activation": "relu"}
PLAIN = Network((np.eye(CLASSES, N_INPUTS, dtype=np.float32),), (np.zeros(CLASSES, np.float32),))

# What else must be chosen for an option to matter, and a value of it that differs.
CONTEXT: dict[str, dict[str, Any]] = {
    "ink_specification": {"rotation": 20},  # the paper's value, which a warp brings in at the edges
    "momentum": {"optimizer": "momentum"},
    "temperature": {"distillation": 0.5},
    "step_epochs": {"schedule": "step"},
    "step_factor": {"schedule": "step", "step_epochs": 1},
    "pruning_begin": {"sparsity": 0.5},
    "pruning_end": {"sparsity": 0.5},
    "early_stopping": {"epochs": 20, "learning_rate": 0.3},
    "output": {"cost": "quadratic"},
    "output_error": {"cost": "quadratic"},
}
OTHER: dict[str, Any] = {
    "ink_specification": "raw-28",
    "source_weights": (1, 3),
    "closing_weights": (1, 3),
    "source_balance": 0,
    "epoch_samples": 30,
    "hidden_layers": (6, 5),
    "activation": "sigmoid",
    "output": "sigmoid",
    "initializer": "glorot",
    "cost": "quadratic",
    "output_error": "elementwise",
    "class_weights": "balanced",
    "class_sampling": "balanced",
    "optimizer": "adam",
    "schedule": "cosine",
    "inverted": True,
    "batch_normalization": True,
    "temperature": 3,
    "l2": 1,
    "weight_decay": 0.1,
    "gradient_clipping": 0.1,
    "batch_size": 5,
    "epochs": 4,
    "warmup_steps": 5,
    "step_epochs": 1,
    "step_factor": 0.1,
    "early_stopping": 2,
    "pruning_begin": 0.5,
    "pruning_end": 0.4,
    "seed": 2,
}
UNREFERENCED = {
    *("ink_specification", "inverted", "source_weights", "epoch_samples", "epochs", "seed"),
    *("step_epochs", "step_factor", "pruning_begin", "pruning_end"),
}
"""Options that are no method of somebody's: our own, plain counts, and details of an option that has its reference."""


def sources(make_samples: MakeSamples) -> list[Samples]:
    """Two data sets, with fewer samples of the last class."""
    samples = make_samples(45, noise=90)
    kept = (samples.labels != 2) | (np.arange(45) % 2 == 0)
    return [Samples(samples.inputs[kept], samples.labels[kept]), make_samples(21, seed=4, noise=90)]


def trained(h: Hyperparameters, make_samples: MakeSamples) -> str:
    state = TrainingState.begin(h, n_inputs=N_INPUTS, n_classes=CLASSES)
    teachers = [PLAIN] if h.distillation else []
    list(train(state, sources(make_samples), make_samples(30, seed=1, noise=90), teachers=teachers))
    return state.network().weights_sha256()


@pytest.mark.parametrize("name", FIELDS)
def test_an_option_changes_what_is_trained(
    name: str, make_samples: MakeSamples, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruning, "EVERY", 1)
    base = Hyperparameters.from_mapping({**BASE, **CONTEXT.get(name, {})})
    other = OTHER.get(name, 0.5)
    assert other != getattr(base, name)
    changed = dataclasses.replace(base, **{name: other})
    assert trained(base, make_samples) != trained(changed, make_samples)


@pytest.mark.parametrize("name", FIELDS)
def test_a_method_says_whose_it_is(name: str) -> None:
    assert bool(FIELDS[name].reference) == (name not in UNREFERENCED)


# --- Whatever is chosen ------------------------------------------------------------------------------------------


def values_of(field: Field) -> st.SearchStrategy[Any]:
    """Any value that the description allows; layers, epochs and batches as small as the tests' data."""
    small = {"hidden_layers": (1, 9), "epochs": (1, 3), "epoch_samples": (0, 80), "batch_size": (1, 80)}
    low, high = small.get(field.name, (field.minimum, field.maximum))
    if field.kind == "boolean":
        return st.booleans()
    if field.kind == "choice":
        return st.sampled_from(field.choices)
    if field.kind == "integers":
        return st.lists(st.integers(int(low or 0), int(high or 0)), max_size=3).map(tuple)
    if field.kind == "numbers":
        return st.just(()) | st.lists(st.floats(low, high), min_size=2, max_size=2).map(tuple)
    if field.kind == "integer":
        return st.integers(int(low or 0), int(high or 0))
    return st.just(field.default) | st.floats(low, high)


RECIPES = st.fixed_dictionaries({}, optional={name: values_of(field) for name, field in FIELDS.items()})


@settings(max_examples=200, deadline=None)
@given(values=RECIPES)
@example(values={"hidden_layers": (), "batch_normalization": True})
def test_any_recipe_ends_in_figures_or_in_an_error_of_its_own(values: dict[str, Any]) -> None:
    """No warning, no traceback of numpy's, no weight that is not a number."""
    rng = np.random.default_rng(0)
    ink = specification(values.get("ink_specification", "moments-2"))
    pixels, n_inputs = (N_INPUTS, N_INPUTS) if ink.pictures is ink else (ink.pictures.length, ink.length)
    data = [Samples(rng.integers(0, 256, (n, pixels), dtype=np.uint8), np.arange(n) % CLASSES) for n in (40, 11)]
    validation = Samples(ink.of_pictures(data[1].inputs), data[1].labels)
    teacher = Network((np.eye(CLASSES, n_inputs, dtype=np.float32),), PLAIN.biases)
    try:
        h = Hyperparameters.from_mapping({"hidden_layers": (5,), "epochs": 1, **values})
        state = TrainingState.begin(h, n_inputs=n_inputs, n_classes=CLASSES)
        metrics = list(train(state, data, validation, teachers=[teacher] if h.distillation else []))
    except (HyperparameterError, DivergedError, TeacherError):
        return
    assert len(metrics) == state.epoch >= 1
    assert all(np.isfinite(array).all() for array in state.arrays.values())
    assert all(np.isfinite([m.train_cost, m.validation_cost]).all() for m in metrics)


@settings(max_examples=25, deadline=None)
@given(
    hidden_layers=st.lists(st.integers(1, 12), max_size=3).map(tuple),
    samples=st.integers(CLASSES, 40),
    batch=st.integers(1, 45),
    pair=st.sampled_from(list(OUTPUT_ERRORS)),
    activation=st.sampled_from(["sigmoid", "relu", "gelu"]),
    l2=st.sampled_from([0.0, 0.5]),
)
def test_any_epoch_is_the_references(
    hidden_layers: tuple[int, ...], samples: int, batch: int, pair: tuple[str, str], activation: str, l2: float
) -> None:
    """Mini-batches of one sample, of all, and of a size that does not divide them."""
    chosen = {"cost": pair[0], "output": pair[1], "activation": activation, "hidden_layers": hidden_layers}
    h = recipe(**chosen, l2=l2, batch_size=batch, epochs=1, learning_rate=0.1)
    rng = np.random.default_rng(samples)
    data = Samples(rng.integers(0, 256, (samples, N_INPUTS), dtype=np.uint8), np.arange(samples) % CLASSES)
    state = TrainingState.begin(h, n_inputs=N_INPUTS, n_classes=CLASSES, dtype=np.float64)
    book = ReferenceTraining.of(state)
    list(train(state, data, data))
    order = generator(h.seed, Purpose.SHUFFLE, 0).permutation(samples)
    for start in range(0, samples, batch):
        part = order[start : start + batch]
        book.update(data.inputs[part] / 255, np.eye(CLASSES)[data.labels[part]], n=samples)
    p = state.parameters()
    pairs = [*zip(p.weights, book.weights, strict=True), *zip(p.biases, book.biases, strict=True)]
    assert max(float(np.abs(ours - plain).max()) for ours, plain in pairs) < 1e-9
