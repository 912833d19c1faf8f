"""The commands print what the design says, and refuse with one line."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from recognizer import catalog
from recognizer.models import StoredModel
from tests.training.devices.conftest import MakeDataset
from training.devices.models import Benchmark

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


def test_benchmark_of_the_model_in_service(model: StoredModel, make_dataset: MakeDataset) -> None:
    catalog.activate(model)
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


def test_export(model: StoredModel, tmp_path: Path) -> None:
    target = tmp_path / "out.npz"
    figures = run_json("export_model", "random", "--format", "npz", "--output", str(target))
    assert figures["sha256"] == model.file_sha256
    assert target.read_bytes() == catalog.file_of(model).read_bytes()
    target.write_bytes(b"mine")
    with pytest.raises(CommandError, match="there already"):
        run("export_model", "random", "--output", str(target))
    assert target.read_bytes() == b"mine"
    run("export_model", "random", "--output", str(target), "--force")
    assert target.read_bytes() == catalog.file_of(model).read_bytes()
    assert [path.name for path in tmp_path.glob("*out*")] == ["out.npz"]


def test_export_refuses(model: StoredModel, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No model is named"):
        run("export_model", "nobody")
    with pytest.raises(CommandError, match="No such file"):
        run("export_model", "random", "--output", str(tmp_path / "no" / "folder.npz"))
    catalog.file_of(model).write_bytes(b"broken")
    with pytest.raises(CommandError, match="not a model file"):
        run("export_model", "random", "--output", str(tmp_path / "broken.npz"))
    assert not (tmp_path / "broken.npz").exists()
