"""The commands print what the design says, and refuse with one line."""

import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from recognizer import loading, services
from recognizer.core import model_file
from recognizer.core.c_header import to_header
from recognizer.core.model_card import ModelCard
from recognizer.filestore.errors import StoreAwayError
from recognizer.models import ModelOrigin, StoredModel
from tests.recognizer.core.integer_reference import random_whole
from tests.training.devices.conftest import MakeDataset, MakeModel
from training.devices.exports import FORMATS
from training.devices.models import Benchmark, Compression
from training.devices.services import new_compression
from training.jobs.models import State

pytestmark = pytest.mark.django_db(transaction=True)


def run(*words: str) -> str:
    """What a command prints."""
    output = io.StringIO()
    call_command(*words, stdout=output)
    return output.getvalue()


def run_json(*words: str) -> dict[str, Any]:
    """What a command prints with --json."""
    figures: dict[str, Any] = json.loads(run(*words, "--json"))
    return figures


def add_whole() -> StoredModel:
    """A model in whole numbers."""
    whole = random_whole(np.random.default_rng(1), (200, 4, 2), "relu", "int4")
    card = ModelCard(
        name="whole", sizes=whole.sizes, activation="relu", ink_specification="directions-1-coarse",
        created="2026-11-29", letters="АБ", precision="int4", versions={},
    )  # fmt: skip
    return services.add_model(whole, card, source=ModelOrigin.UPLOADED)


def test_benchmark_of_the_model_in_service(model: StoredModel, make_dataset: MakeDataset) -> None:
    services.activate(model)
    make_dataset()
    figures = run_json("benchmark", "--images", "40", "--repeats", "2")
    assert (figures["model"], figures["precision"], figures["backend"]) == ("random", "fp32", "numpy")
    assert (figures["state"], figures["images"], figures["scaled"]) == ("succeeded", 40, True)
    assert figures["seconds_for_10000"] == pytest.approx(figures["seconds"]["median"] * 250)
    assert (figures["dataset"], figures["scored"], figures["made"]) == ("letters", 40, False)
    assert figures["accuracy"] == figures["correct"] / 40
    assert figures["environment"]["numpy"]


def test_benchmark_in_words(model: StoredModel) -> None:
    words = run("benchmark", "--model", "random", "--precision", "fp16-native", "--images", "40", "--repeats", "1")
    assert "fp16, computed natively" in words
    assert "scaled from 40" in words
    assert "noise" in words


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["--model", "nobody"], "No model is named “nobody”"),
        ([], "No model is in service"),
        (["--model", "random", "--images", "0"], "images must be between"),
        (["--model", "random", "--dataset", "none"], "No data set is named “none”"),
        (["--model", "random", "--device", "Pi"], "--queue"),
        (["--model", "random", "--device", "Pi", "--queue"], "No device is named “Pi”"),
    ],
)
def test_benchmark_refuses(model: StoredModel, words: list[str], error: str) -> None:
    with pytest.raises(CommandError, match=error):
        run("benchmark", *words)
    assert not Benchmark.objects.exists()


@pytest.mark.parametrize(
    ("name", "precision", "backend", "error"),
    [
        ("whole", "fp16-native", "numpy", "stored in int4; it cannot be timed in fp16-native"),
        ("whole", "fp32", "numpy", "stored in int4; it cannot be timed in fp32"),
        ("random", "int8", "numpy", "Rounding is not enough for int8"),
        ("random", "fp16-native", "onnxruntime", "onnxruntime does not compute this model in fp16-native"),
    ],
)
def test_benchmark_refuses_a_precision_that_the_model_has_not(
    model: StoredModel, name: str, precision: str, backend: str, error: str
) -> None:
    add_whole()
    with pytest.raises(CommandError, match=error):
        run("benchmark", "--model", name, "--precision", precision, "--backend", backend)
    assert not Benchmark.objects.exists(), "a refusal waits for nobody's decision"


def test_compress(model: StoredModel) -> None:
    figures = run_json("compress", "random", "--precision", "fp16")
    assert (figures["model"], figures["parent"], figures["precision"]) == ("random fp16", "random", "fp16")
    assert figures["file_bytes"] < figures["parent_file_bytes"]
    with pytest.raises(CommandError, match="before"):
        run("compress", "random")
    with pytest.raises(CommandError, match="int1"):
        run("compress", "random", "--precision", "int1")
    with pytest.raises(CommandError, match="No model is named"):
        run("compress", "nobody")


def test_compress_refuses_before_there_is_a_job(make_model: MakeModel) -> None:
    make_model(name="large", scale=1e6)
    with pytest.raises(CommandError, match="float16"):
        run("compress", "large")
    renamed = make_model(name="renamed")
    StoredModel.objects.filter(pk=renamed.pk).update(name="re\u200bnamed")
    with pytest.raises(CommandError, match="a bad “name”: it must be a line of 1 to 100 characters"):
        run("compress", "re\u200bnamed")
    path = loading.file_of(make_model(name="damaged", seed=2))
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(CommandError, match="its bytes have changed"):
        run("compress", "damaged", "--precision", "int8")
    assert not Compression.objects.exists()


def test_a_compression_waits_for_a_file_in_a_store_that_is_away(
    model: StoredModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_model: StoredModel) -> Path:
        raise StoreAwayError("Could not connect")

    monkeypatch.setattr(loading, "file_of", away)
    assert new_compression(model, "fp16").precision == "fp16"


def test_export(model: StoredModel, tmp_path: Path) -> None:
    target = tmp_path / "out.npz"
    figures = run_json("export_model", "random", "--format", "npz", "--output", str(target))
    assert figures["sha256"] == model.file_sha256
    assert target.read_bytes() == loading.file_of(model).read_bytes()
    target.write_bytes(b"mine")
    with pytest.raises(CommandError, match="there already"):
        run("export_model", "random", "--output", str(target))
    assert target.read_bytes() == b"mine"
    run("export_model", "random", "--output", str(target), "--force")
    assert target.read_bytes() == loading.file_of(model).read_bytes()
    assert [path.name for path in tmp_path.glob("*out*")] == ["out.npz"]


@pytest.mark.parametrize("name", ["json", "onnx"])
def test_export_without_a_calibration(model: StoredModel, tmp_path: Path, name: str) -> None:
    target, notices = tmp_path / "out", io.StringIO()
    call_command("export_model", "random", format=name, output=target, stdout=io.StringIO(), stderr=notices)
    assert target.stat().st_size > 0
    assert notices.getvalue().strip() == (
        "“random” has no calibration: its probabilities are as the network gives them, and no drawing is refused."
    )


@pytest.mark.parametrize("name", FORMATS)
def test_export_of_a_damaged_file(model: StoredModel, tmp_path: Path, name: str) -> None:
    path = loading.file_of(model)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(CommandError, match="damaged or cut off"):
        run("export_model", "random", "--format", name, "--output", str(tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_export_without_the_package(model: StoredModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(CommandError, match="needs the package onnx, which is not installed: `make onnx`"):
        run("export_model", "random", "--format", "onnx", "--output", str(tmp_path / "out"))


def test_export_in_c(model: StoredModel, tmp_path: Path) -> None:
    target = tmp_path / "model.h"
    stored = add_whole()
    figures = run_json("export_model", "whole", "--format", "c", "--output", str(target))
    text = target.read_text(encoding="utf-8")
    assert text == to_header(model_file.read(loading.file_of(stored)))
    assert stored.file_sha256 in text
    assert figures["bytes"] == len(target.read_bytes())
    with pytest.raises(CommandError, match="compress it to int8, int4, int2 first"):
        run("export_model", "random", "--format", "c", "--output", str(tmp_path / "none.h"))
    assert not (tmp_path / "none.h").exists()


def test_export_refuses(model: StoredModel, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No model is named"):
        run("export_model", "nobody")
    target = tmp_path / "no" / "folder.npz"
    with pytest.raises(CommandError, match=f"^{target} cannot be written: the folder {target.parent} does not exist.$"):
        run("export_model", "random", "--output", str(target))
    loading.file_of(model).write_bytes(b"broken")
    with pytest.raises(CommandError, match="not a model file"):
        run("export_model", "random", "--output", str(tmp_path / "broken.npz"))
    assert not (tmp_path / "broken.npz").exists()


def test_ctrl_c_ends_a_benchmark_with_one_sentence(model: StoredModel, monkeypatch: pytest.MonkeyPatch) -> None:
    agents: list[subprocess.Popen[bytes]] = []
    start = subprocess.Popen

    def started(*words: Any, **options: Any) -> "subprocess.Popen[bytes]":
        agents.append(start(*words, **options))
        return agents[-1]

    def press() -> None:
        """As a terminal does: every process of the foreground group gets the signal."""
        while not agents:
            time.sleep(0.01)
        if os.getpgid(agents[0].pid) == os.getpgid(0):
            agents[0].send_signal(signal.SIGINT)
            agents[0].wait()
        os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(subprocess, "Popen", started)
    thread = threading.Thread(target=press)
    thread.start()
    with pytest.raises(CommandError, match=r"^The benchmark was cancelled\.$") as caught:
        run("benchmark", "--model", "random", "--images", "1000000", "--repeats", "1000")
    thread.join()
    assert caught.value.returncode == 130
    assert Benchmark.objects.get().state == State.CANCELLED
    assert agents[0].returncode is not None


def test_ctrl_c_before_the_command_has_begun_is_one_sentence() -> None:
    code = """
import signal, manage
from django.core import management
management.execute_from_command_line = lambda _words: signal.raise_signal(signal.SIGINT)
manage.main()
"""
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=900, check=False
    )
    assert ended.returncode == 130
    assert ended.stderr.splitlines() == ["Interrupted: nothing was done."]
