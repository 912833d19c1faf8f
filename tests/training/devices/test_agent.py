"""The agent is a program: what it is given, what it prints, how it refuses."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from recognizer.core import model_file
from recognizer.core.model_card import ModelCard
from tests.conftest import ROOT
from tests.training.devices.conftest import make_network
from training.devices import agent

WITHOUT_DJANGO = """
import sys
for name in ("django", "celery", "scipy", "PIL", "matplotlib"):
    sys.modules[name] = None
from training.devices.agent import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A model file."""
    return write_model(tmp_path / "model.npz", "fp32")


def write_model(path: Path, precision: str) -> Path:
    """Write a random network in some precision."""
    network = make_network()
    card = ModelCard.of(network, name="random", ink_specification="raw-28", precision=precision)
    model_file.write(path, network, card)
    return path


def run(*words: str) -> "subprocess.CompletedProcess[str]":
    """Run the agent with Django and all else made unimportable."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", WITHOUT_DJANGO, *words]
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT, check=False, timeout=900)


def test_times_a_model_without_django(file: Path, tmp_path: Path) -> None:
    letters = np.random.default_rng(2).integers(0, 256, (6, 784), dtype=np.uint8)
    labels = make_network().logits(letters.astype(np.float32) / np.float32(255)).argmax(axis=1)
    np.savez(tmp_path / "letters.npz", inputs=letters, labels=labels)
    options = ["--inputs", str(tmp_path / "letters.npz"), "--images", "20", "--repeats", "2", "--progress"]
    done = run("time", "--model", str(file), *options)
    assert done.returncode == 0, done.stderr
    assert done.stderr.split() == ["1/2", "2/2"]
    result = json.loads(done.stdout)
    assert result["accuracy"] == {"images": 6, "correct": 6, "share": 1.0}
    assert result["workload"]["images"] == 20
    assert result["environment"]["blas_threads"] == "1"
    assert len(result["device"]["key"]) == 32
    assert result["sheet"]["architecture"]
    assert result["model"]["sha256"] == model_file.read(file).sha256


def test_ends_with_whoever_started_it(file: Path) -> None:
    words = [
        "-m",
        "training.devices.agent",
        "time",
        "--model",
        str(file),
        "--attached",
        "--progress",
        "--repeats",
        "1000",
    ]
    agent_process = subprocess.Popen(
        [sys.executable, *words],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert agent_process.stdin is not None
    assert agent_process.stderr is not None
    assert agent_process.stderr.readline() == b"1/1000\n", "it is at work"
    agent_process.stdin.close()
    assert agent_process.wait(timeout=900) == agent.ORPHANED
    agent_process.stderr.close()


def test_prints_the_sheet() -> None:
    done = run("sheet")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["sheet"]["os_family"]


def test_times_noise_where_there_are_no_letters(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert agent.main(["time", "--model", str(file), "--images", "3", "--repeats", "1"]) == 0
    assert json.loads(capsys.readouterr().out)["accuracy"] is None


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({}, "not a file of inputs"),
        ({"inputs": np.zeros((2, 784), np.float32)}, "float32"),
        ({"inputs": np.zeros((2, 9), np.uint8)}, r"\(2, 9\)"),
        ({"inputs": np.zeros((0, 784), np.uint8)}, r"\(0, 784\)"),
        ({"inputs": np.zeros((2, 784), np.uint8), "labels": np.zeros(3, np.uint8)}, "labels"),
        ({"inputs": np.zeros((2, 784), np.uint8), "labels": np.full(2, 33)}, "below 33"),
        ({"inputs": np.zeros((2, 784), np.uint8), "labels": np.full(2, -1)}, "below 33"),
        ({"inputs": np.array([{}, {}])}, "not a file of inputs"),
    ],
)
def test_refuses_inputs(
    arrays: dict[str, NDArray[Any]], words: str, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    np.savez(tmp_path / "bad.npz", allow_pickle=True, **arrays)
    assert agent.main(["time", "--model", str(file), "--inputs", str(tmp_path / "bad.npz")]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert len(output.err.splitlines()) == 1
    assert re.search(words, output.err)


def test_refuses_a_damaged_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bad.npz").write_bytes(b"PK\3\4 nothing")
    assert agent.main(["time", "--model", str(tmp_path / "bad.npz")]) == 2
    assert "damaged" in capsys.readouterr().err


def test_refuses_a_model_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert agent.main(["time", "--model", str(tmp_path / "none.npz")]) == 2
    assert "none.npz" in capsys.readouterr().err


@pytest.mark.parametrize("precision", ["fp32", "fp16", "fp16-native"])
def test_a_model_in_16_bits(precision: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    half = write_model(tmp_path / "half.npz", "fp16")
    words = ["--precision", precision, "--images", "2", "--repeats", "1"]
    assert agent.main(["time", "--model", str(half), *words]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["workload"]["precision"], result["model"]["precision"]) == (precision, "fp16")


@pytest.mark.parametrize("broken", [False, True])
def test_without_numpy_it_says_so_in_one_line(broken: bool, tmp_path: Path) -> None:
    """A Python with nothing installed (-S leaves site-packages out), and one whose numpy cannot be loaded."""
    if broken:
        (tmp_path / "numpy.py").write_text('raise ImportError("\\nlibopenblas.so.0: cannot open\\nSee the manual.")')
    for words in (["sheet"], ["time", "--model", "none.npz"]):
        ended = subprocess.run(
            [sys.executable, "-S", "-m", "training.devices.agent", *words],
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": str(tmp_path)},
            cwd=ROOT,
            check=False,
            timeout=900,
        )
        (line,) = ended.stderr.splitlines()
        assert line.startswith("agent: numpy cannot be used (")
        assert ("libopenblas.so.0" if broken else "No module named 'numpy'") in line
        assert line.endswith("python3 -m pip install numpy")
        assert (ended.returncode, ended.stdout) == (1, "")
