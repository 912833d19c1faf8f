"""The one way to time: the right images, in the right batches, scored once each."""

import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizer.core.timing import time_each
from tests.training.devices.conftest import make_network
from training.devices import measurement
from training.devices.benchmarks import environment
from training.devices.measurement import MeasurementError, Workload, arithmetic, measure, measuring
from training.devices.models import Precision


def inputs(count: int) -> measurement.Inputs:
    """Random inputs."""
    return np.random.default_rng(7).integers(0, 256, (count, 784), dtype=np.uint8)


@given(st.integers(1, 500), st.integers(1, 60), st.integers(1, 100))
def test_batches_make_up_the_images(images: int, batch_size: int, pool: int) -> None:
    batches = measuring._batches(images, batch_size, pool)
    sizes = [batch.stop - batch.start for batch in batches]
    assert sum(sizes) == images
    assert all(0 < size <= batch_size for size in sizes)
    assert all(batch.stop <= pool for batch in batches)
    seen = np.bincount(np.concatenate([np.arange(batch.start, batch.stop) for batch in batches]), minlength=pool)
    assert seen.max() - seen.min() <= 1, "each image as often as any other"


def test_accuracy_counts_each_image_once() -> None:
    network = make_network()
    values = inputs(30)
    right = network.read(values).argmax(axis=1)
    labels = np.where(np.arange(30) < 12, right, (right + 1) % 33)
    result = measure(network, values, labels, Workload(images=75, batch_size=4, repeats=2))
    assert result["accuracy"] == {"images": 30, "correct": 12, "share": 0.4}
    assert result["scaled"]
    seconds = result["seconds"]
    assert len(seconds["all"]) == 2
    assert result["latency"] is None, "only where they are given one by one"
    assert result["spread"] == pytest.approx((seconds["max"] - seconds["min"]) / seconds["median"])
    assert 0 < seconds["min"] <= seconds["median"] <= seconds["max"]
    assert result["seconds_for_10000"] == pytest.approx(seconds["median"] * 10_000 / 75)
    assert result["microseconds_per_image"] == pytest.approx(seconds["median"] / 75 * 1e6)


def test_every_image_is_scored_however_few_are_timed() -> None:
    result = measure(make_network(), inputs(20), np.zeros(20, np.uint8), Workload(images=5, repeats=1))
    assert result["accuracy"]["images"] == 20
    assert (result["workload"]["images"], result["mode"]) == (5, "single")


def test_of_one_image_at_a_time_each_is_timed() -> None:
    latency = measure(make_network(), inputs(50), None, Workload(images=50, repeats=2))["latency"]
    assert 0 < latency["p50"] <= latency["p90"] <= latency["p99"] < 1


def test_accuracy_is_counted_after_all_timing(monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []

    def timed(*arguments: Any) -> list[float]:
        order.append("timed")
        return time_each(*arguments)

    def score(*arguments: Any) -> dict[str, Any]:
        order.append("scored")
        return {}

    monkeypatch.setattr(measuring, "time_each", timed)
    monkeypatch.setattr(measuring, "score", score)
    measure(make_network(), inputs(5), np.zeros(5, np.uint8), Workload(images=5, repeats=3))
    assert order == ["timed"] * 4 + ["scored"], "a warm-up, three repeats, then the accuracy"


def test_sustained_goes_on_for_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that says two seconds for each pass stands in for a minute of work."""
    monkeypatch.setattr(measuring, "time_each", lambda read, parts: [2.0 / len(parts)] * len(parts))
    done: list[int] = []
    workload = Workload(images=10, batch_size=5, sustained_seconds=60)
    result = measure(make_network(), inputs(10), None, workload, on_repeat=done.append)
    assert result["mode"] == "sustained"
    assert result["seconds"]["all"] == pytest.approx([2.0] * 30)
    assert done == list(range(1, 31))
    assert (result["slowdown"], result["spread"]) == (pytest.approx(1.0), pytest.approx(0.0))


def test_without_labels_there_is_no_accuracy() -> None:
    done: list[int] = []
    workload = Workload(images=4, repeats=3)
    assert measure(make_network(), inputs(4), None, workload, on_repeat=done.append)["accuracy"] is None
    assert done == [1, 2, 3]


def test_the_three_arithmetics() -> None:
    outputs, formats = {}, {}
    for name in ("fp32", "fp16", "fp16-native"):
        predict, values = arithmetic.prepared(make_network(), name, inputs(3))
        outputs[name], formats[name] = predict(values), values.dtype
    assert formats == {"fp32": np.float32, "fp16": np.float32, "fp16-native": np.float16}
    assert not np.array_equal(outputs["fp32"], outputs["fp16"])
    assert not np.array_equal(outputs["fp16"], outputs["fp16-native"])
    np.testing.assert_allclose(outputs["fp32"], outputs["fp16-native"], atol=5e-3)


@pytest.mark.parametrize(
    "wrong",
    [{"precision": "fp8"}, {"backend": "abacus"}, {"images": 0}, {"batch_size": 10_001}, {"repeats": -1}],
    ids=lambda wrong: next(iter(wrong)),
)
def test_workloads_that_make_no_sense(wrong: dict[str, str | int]) -> None:
    with pytest.raises(MeasurementError, match=str(next(iter(wrong.values()))).replace("10001", "10,001")):
        Workload(**wrong)  # type: ignore[arg-type]


def test_no_images() -> None:
    with pytest.raises(MeasurementError):
        measure(make_network(), inputs(0), None, Workload())


def test_environment_names_the_blas() -> None:
    found = environment.describe()
    assert found["numpy"] == np.__version__
    assert found["blas"]


def test_every_precision_has_its_words() -> None:
    assert Precision.values == list(measurement.PRECISIONS)


def test_onnxruntime_computes_the_same() -> None:
    values = inputs(40)
    for precision in ("fp32", "fp16", "int8-weights"):
        ours, as_floats = arithmetic.prepared(make_network(), precision, values)
        theirs, as_bytes = arithmetic.prepared(make_network(), precision, values, "onnxruntime")
        np.testing.assert_allclose(theirs(as_bytes), ours(as_floats), atol=1e-5)
    labels = make_network().read(values).argmax(axis=1)
    result = measure(make_network(), values, labels, Workload(backend="onnxruntime", images=40, repeats=1))
    assert result["accuracy"]["share"] == 1.0
    assert environment.describe()["onnxruntime"]


@pytest.mark.parametrize("precision", ["fp16-native", "int8"])
def test_what_onnxruntime_does_not_compute(precision: str) -> None:
    with pytest.raises(MeasurementError):
        measure(make_network(), inputs(4), None, Workload(backend="onnxruntime", precision=precision, images=4))


def test_onnxruntime_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(MeasurementError, match="the package onnxruntime, which is not installed"):
        measure(make_network(), inputs(4), None, Workload(backend="onnxruntime", images=4))


@pytest.mark.parametrize("seconds", [1, 59, 7_201])
def test_a_sustained_timing_is_not_short(seconds: int) -> None:
    with pytest.raises(MeasurementError, match="60 to 7200"):
        Workload(sustained_seconds=seconds)
