"""Made letters, the peers' environment, reading inside the network, memory: with real parts where no peer is needed."""

import subprocess
from pathlib import Path

import numpy as np
import pytest

from benchmarks import environments, inference, memory
from benchmarks.harness import BenchmarkRunError
from benchmarks.materials import letters
from benchmarks.subjects import inference as subjects


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("letters") / "letters.npz"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(letters, "PER_LETTER", 3)
        letters.save(path)
    return path


def test_letters_are_mostly_paper(made: Path) -> None:
    """Real letters of Cyrillic-MNIST are 23 % ink as they are and 36 % as moments-1."""
    with np.load(made) as file:
        raw, moments, labels = file["raw"], file["moments"], file["labels"]
    assert raw.shape == moments.shape == (99, 784)
    assert np.bincount(labels).tolist() == [3] * 33
    assert 0.17 < (raw > 0).mean() < 0.3
    assert 0.3 < (moments > 0).mean() < 0.45


def test_an_environment_is_made_once_and_again_for_other_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed: list[str] = []
    monkeypatch.setattr(environments, "_install", lambda _python, packages: installed.append(packages.read_text()))
    packages = tmp_path / "peers.txt"
    for text in ("# none", "# none", "# none at all"):
        packages.write_text(text)
        python = environments.peers_python(packages, tmp_path / "peers")
        assert subprocess.run([python, "-c", "pass"], check=True).returncode == 0
    assert installed == ["# none", "# none at all"]


def test_packages_that_cannot_be_installed(tmp_path: Path) -> None:
    packages = tmp_path / "peers.txt"
    packages.write_text("no-such-folder/no-such-file.whl\n")
    with pytest.raises(BenchmarkRunError, match="could not be installed"):
        environments.peers_python(packages, tmp_path / "peers")


def test_ours_reads_what_the_weights_say() -> None:
    network = subjects.layers()
    x = np.random.default_rng(0).random((3, 784), np.float32)
    z = x
    for number, (w, b) in enumerate(network, start=1):
        z = z @ w.T + b
        z = np.maximum(z, 0) if number < len(network) else z
    np.testing.assert_allclose(subjects.ours(network)(x), z, rtol=1e-4, atol=1e-4)


def test_report_of_inference() -> None:
    each = {"ours": 0.19, "onnxruntime": 0.15, "torch": 0.4}
    seconds = {f"{kind} {batch}": [value] for kind, value in each.items() for batch in inference.BATCHES}
    figures = {
        figure.name: (round(figure.value, 2), figure.verdict) for figure in inference.report(seconds, {}).figures
    }
    assert figures == {
        "one image": (19.0, "reached"),
        "times onnxruntime's time, one by one": (1.27, "MISSED"),
        "times faster than torch, one by one": (2.11, "reached"),
        "times onnxruntime's time, in one batch": (1.27, "MISSED"),
        "times faster than torch, in one batch": (2.11, "reached"),
    }


def test_report_of_memory() -> None:
    made = memory.report({"small": 150.0, "best": 401.0}, {})
    assert [figure.verdict for figure in made.figures] == ["reached", "MISSED"]
