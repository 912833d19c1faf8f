"""Peers' accuracy: what they are given, resuming, results that are kept, and with their packages the real trainings."""

import dataclasses
import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.accuracy import report
from benchmarks.accuracy.peers import measuring, rows, trainings
from benchmarks.accuracy.peers.mini_batches import MiniBatches
from benchmarks.accuracy.peers.rows import OURS, PEERS, PeerRow
from benchmarks.accuracy.peers.tasks import PeerTask
from benchmarks.accuracy.peers.trainings import PeerTrainings
from benchmarks.accuracy.plan import PlanError
from benchmarks.accuracy.trainings import Result
from benchmarks.environments import ENVIRONMENT
from benchmarks.harness import ROOT, BenchmarkRunError, clean_environment
from recognizer.core.ink import specification
from tests.training.four_letters import LETTERS, samples
from training.core.hyperparameters import PRESETS
from training.core.loop import Loop
from training.core.samples import Samples, TrainingSet
from training.core.state import TrainingState

PEERS_PYTHON = ENVIRONMENT / "bin" / "python"
with_peers = pytest.mark.skipif(not PEERS_PYTHON.exists(), reason="the peers' packages are not installed (make bench)")
QUICK: dict[str, Any] = {"batch_size": 16, "epochs": 2, "ema": 0.5, "warmup_steps": 2}
ROW = PeerRow(
    "tiny", "convolutional", dataclasses.replace(rows.RECIPE, hidden_layers=(8,), **QUICK), (1,), (2, 2, 4, 4, 8)
)


@pytest.fixture
def files(tmp_path: Path) -> dict[str, dict[str, str]]:
    """Two data sets of four letters, as the product keeps them."""
    made: dict[str, dict[str, str]] = {"paper": {}, "screen": {}}
    for number, (name, split) in enumerate((n, s) for n in made for s in ("train", "validation", "test")):
        path = tmp_path / f"{name}-{split}.npz"
        given = samples(80 if split == "train" else 24, seed=number)
        np.savez(path, inputs=given.inputs, labels=given.labels)
        made[name][split] = str(path)
    return made


def task_of(row: PeerRow, files: dict[str, dict[str, str]], folder: Path) -> PeerTask:
    return PeerTask(row.name, row.kind, row.channels, row.recipe, len(LETTERS), files, str(folder))


def result(row: str, seed: int, correct: int) -> Result:
    scores = {"cmnist": {"correct": correct, "images": 200}}
    return Result.of(
        {"validation": scores, "test": scores, "parameters": 7, "seconds": 2.0},
        key=f"{row}-{seed}", row=row, seed=seed, epochs=10, weights_sha256="", machine={},
    )  # fmt: skip


# --- What they are given -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("ink", ["moments-2", "directions-1"])
def test_peers_are_given_the_mini_batches_that_ours_are_trained_on(ink: str) -> None:
    recipe = dataclasses.replace(rows.RECIPE, hidden_layers=(4,), ink_specification=ink, batch_size=16, seed=5)
    sources = [samples(80, seed=1), samples(24, seed=2)]
    state = TrainingState.begin(recipe, n_inputs=specification(ink).length, n_classes=4)
    loop, batches = Loop(state, TrainingSet(sources, recipe)), MiniBatches(recipe, sources)
    for epoch in (0, 1):
        loop.work.epoch = epoch
        labels = loop.data.labels[loop._begin_epoch()]
        given = list(batches.epoch(epoch))
        assert len(given) == len(batches) == 7
        for number, (inputs, own) in enumerate(given):
            theirs = loop.first_layer.mini_batch(16 * number, len(own)).inputs()[:, : len(own)]
            np.testing.assert_allclose(inputs, theirs.T * np.float32(loop.first_layer.unit), rtol=1e-6)
            assert own.tolist() == labels[16 * number : 16 * number + len(own)].tolist()
            assert 0 <= inputs.min() <= inputs.max() <= 1 + 1e-6


def test_a_task_comes_over_as_it_was_sent(files: dict[str, dict[str, str]], tmp_path: Path) -> None:
    task = task_of(ROW, files, tmp_path)
    read = PeerTask.from_json(task.as_json())
    assert (read.recipe, list(read.channels), read.files) == (ROW.recipe, [2, 2, 4, 4, 8], files)
    assert [len(source) for source in read.sources()] == [80, 80]
    assert isinstance(read.sources()[0], Samples)


def test_scores_count_each_data_set_apart(files: dict[str, dict[str, str]], tmp_path: Path) -> None:
    task = task_of(dataclasses.replace(ROW, recipe=rows.OF_DIRECTIONS), files, tmp_path)
    lengths = set()

    def read(inputs: Any) -> Any:
        lengths.add(inputs.shape[1])
        return np.zeros(len(inputs), int)

    assert task.scores("test", read) == {name: {"correct": 6, "images": 24} for name in ("paper", "screen")}
    assert lengths == {392}


def test_sizes_of_the_convolutional_networks() -> None:
    """By hand: a convolution has 9 · below · above + above; 28 px are halved three times, rounded down, to 3."""
    convolutions = (9 * 1 * 2 + 2) + (9 * 2 * 2 + 2) + (9 * 2 * 4 + 4) + (9 * 4 * 4 + 4) + (9 * 4 * 8 + 8)
    assert rows.folded_parameters((2, 2, 4, 4, 8), 6, 4) == convolutions + (3 * 3 * 8 * 6 + 6) + (6 * 4 + 4)
    small, large = (
        rows.folded_parameters(row.channels, row.recipe.hidden_layers[0], 33)
        for row in PEERS
        if row.kind == "convolutional"
    )
    assert 180_000 <= small <= 220_000
    assert 1_300_000 <= large <= 1_420_000


def test_ours_differ_from_their_presets_in_what_all_rows_share() -> None:
    for row in OURS:
        assert row.changes == rows.SAME
        assert row.preset in PRESETS
    for peer in PEERS:
        assert {name: getattr(rows.RECIPE, name) for name in rows.SAME} == dict(rows.SAME)
        assert peer.kind == "svm" or {name: getattr(peer.recipe, name) for name in rows.SAME} == dict(rows.SAME)


def test_rows_are_chosen_by_name() -> None:
    assert measuring.chosen([]) == (list(PEERS), list(OURS))
    peers, ours = measuring.chosen(["best-10-epochs", "support-vectors"])
    assert ([row.name for row in peers], [row.name for row in ours]) == (["support-vectors"], ["best-10-epochs"])
    with pytest.raises(PlanError, match=r"There is no row huge; there are: convolutional-small, .*, best-10-epochs\."):
        measuring.chosen(["huge"])


# --- Trainings ---------------------------------------------------------------------------------------------------


def test_a_result_that_is_kept_is_not_trained_again(
    files: dict[str, dict[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def made(row: PeerRow) -> list[Result]:
        return PeerTrainings(tmp_path / "state", files, {}, python="python").all([row], lambda _line: None)

    trained: list[tuple[str, int]] = []

    def train(_self: PeerTrainings, row: PeerRow, seed: int) -> Result:
        trained.append((row.name, seed))
        return result(row.name, seed, 199)

    monkeypatch.setattr(trainings.PeerTrainings, "_train", train)
    row = dataclasses.replace(ROW, seeds=(1, 2))
    first = made(row)
    assert made(row) == first
    assert trained == [("tiny", 1), ("tiny", 2)]
    made(dataclasses.replace(row, seeds=(2, 3)))
    made(dataclasses.replace(row, channels=(2, 2, 4, 4, 9), seeds=(1,)))
    assert trained[2:] == [("tiny", 3), ("tiny", 1)]


def test_a_process_that_fails_ends_it_in_one_line(files: dict[str, dict[str, str]], tmp_path: Path) -> None:
    row = dataclasses.replace(ROW, kind="oracle")
    with pytest.raises(BenchmarkRunError, match=r"^tiny-1-\w+ has not succeeded: its process ended with status 1\.$"):
        PeerTrainings(tmp_path, files, {}, python=str(ROOT / ".venv" / "bin" / "python")).all([row], print)


def test_the_report_has_ours_at_full_length_below(tmp_path: Path) -> None:
    line = {
        "row": "standard", "seed": "mean", "parameters": "9", "epochs": "120", "seconds": "3",
        "Cyrillic-MNIST validation": "98.00", "Cyrillic-MNIST test": "99.00",
    }  # fmt: skip
    lines = [line, {**line, "seed": "1"}, {**line, "row": "small"}]
    (tmp_path / "accuracy.json").write_text(json.dumps({"rows": lines}))
    full = measuring.full_length(tmp_path / "accuracy.json")
    assert full == [line]
    made = report.peers([result("tiny", 1, 190), result("tiny", 2, 194)], full, {})
    assert [row[:4] for row in made.rows] == [
        ("tiny", "1", "7", "10"),
        ("tiny", "2", "7", "10"),
        ("tiny", "mean", "7", "10"),
        ("standard", "mean", "9", "120"),
    ]
    assert made.rows[2][5].startswith("96.00 (")
    assert made.rows[3][6] == "99.00"


# --- With their packages -----------------------------------------------------------------------------------------


@with_peers
@pytest.mark.parametrize(
    "row",
    [
        dataclasses.replace(ROW, recipe=dataclasses.replace(ROW.recipe, epochs=12)),
        PeerRow("mlp", "mlp", dataclasses.replace(rows.OF_DIRECTIONS, **{**QUICK, "epochs": 30}), (1,)),
        PeerRow("svm", "svm", dataclasses.replace(rows.OF_10_000, epoch_samples=120), (1,)),
    ],
    ids=["convolutional", "mlp", "svm"],
)
def test_each_kind_learns_four_letters(row: PeerRow, files: dict[str, dict[str, str]], tmp_path: Path) -> None:
    made = PeerTrainings(tmp_path / "state", files, {}, python=str(PEERS_PYTHON), classes=len(LETTERS))
    [found] = made.all([row], lambda _line: None)
    for scores in (found.validation, found.test):
        assert scores.keys() == files.keys()
        assert all(score.correct >= 20 and score.images == 24 for score in scores.values())
    assert found.parameters > 0


STOPPED = """
import sys, itertools
from benchmarks.accuracy.peers import convolution
from benchmarks.accuracy.peers.tasks import PeerTask

convolution.KEPT_EVERY = 2
task = PeerTask.from_json(sys.stdin.read())
training = convolution.ConvolutionalTraining(task)
real, steps = training._update, itertools.count(1)

def update(*words):
    if next(steps) > int(sys.argv[1]):
        sys.exit(0)
    return real(*words)

training._update = update
training.run()
print(training.step, *(float(each.double().sum()) for each in training._average.module.state_dict().values()))
"""


@with_peers
def test_a_stopped_convolutional_network_goes_on_to_the_same_bits(
    files: dict[str, dict[str, str]], tmp_path: Path
) -> None:
    def run(folder: Path, steps: int) -> str:
        folder.mkdir(exist_ok=True)
        done = subprocess.run(
            [str(PEERS_PYTHON), "-c", STOPPED, str(steps)],
            input=task_of(ROW, files, folder).as_json(),
            cwd=ROOT, env=clean_environment(), text=True, capture_output=True, check=True,
        )  # fmt: skip
        return done.stdout

    whole = run(tmp_path / "whole", 100)
    assert whole.split()[0] == "20"
    for steps in (5, 9):  # in the middle of an epoch: 4 steps are kept of the first stop, 12 of both
        assert run(tmp_path / "stopped", steps) == ""
    assert run(tmp_path / "stopped", 100) == whole
