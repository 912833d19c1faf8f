"""Checkpoints: to the same bits and back, and every way in which a file can be bad."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.training.core.recipes import recipe
from training.core import checkpoint
from training.core.checkpoint import CheckpointError
from training.core.state import TrainingState

Members = dict[str, Any]


RECIPE = recipe(optimizer="adam", batch_normalization=True, ema=0.9, early_stopping=2)


def state() -> TrainingState:
    return TrainingState.begin(RECIPE, n_inputs=4, n_classes=3)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    checkpoint.save(tmp_path / "checkpoint.npz", state())
    return tmp_path / "checkpoint.npz"


def rewrite(path: Path, change: Callable[[Members], None]) -> None:
    with np.load(path) as file:
        members: Members = {name: file[name] for name in file.files}
    change(members)
    np.savez(path, **members)


def describe(**values: Any) -> Callable[[Members], None]:
    """Change values in the description; None takes one away."""

    def change(members: Members) -> None:
        document = {**json.loads(str(members["state"])), **values}
        kept = {name: value for name, value in document.items() if value is not None}
        members["state"] = np.array(json.dumps(kept))

    return change


def test_names_in_the_file_are_those_of_earlier_versions(path: Path) -> None:
    """Whatever the code calls them: a checkpoint that an earlier version wrote is resumed from."""
    with np.load(path) as file:
        document = json.loads(str(file["state"]))
        assert set(file.files) == {
            *("state", "parameters", "statistics", "average", "average_statistics", "best", "best_statistics"),
            *("first_moment", "second_moment"),
        }
    counters = {"n_inputs", "n_classes", "epoch", "step", "best_epoch", "waited", "plateau_factor", "best_accuracy"}
    assert set(document) == {"format", "hyperparameters", "teachers", "sha256", *counters}
    assert document["format"] == 2


def test_round_trip_keeps_every_bit(path: Path) -> None:
    first, second = state(), checkpoint.load(path)
    assert first.hyperparameters == second.hyperparameters
    assert {n: a.tobytes() for n, a in first.arrays.items()} == {n: a.tobytes() for n, a in second.arrays.items()}
    assert second.network().weights_sha256() == first.network().weights_sha256()


def test_saving_replaces_in_one_piece_and_leaves_nothing_else(path: Path) -> None:
    moved = state()
    moved.epoch = 3
    checkpoint.save(path, moved)
    assert checkpoint.load(path).epoch == 3
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_failed_save_keeps_the_old_checkpoint(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full_disk(*args: Any, **members: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full_disk)
    with pytest.raises(OSError, match="No space left"):
        checkpoint.save(path, state())
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    monkeypatch.undo()
    assert checkpoint.load(path).epoch == 0


BAD: list[tuple[str, Callable[[Members], Any], str]] = [
    ("an older version", describe(format=1), "another version"),
    ("a later version", describe(format=3), "another version"),
    ("no version", describe(format=None), "another version"),
    ("unknown hyperparameter", describe(hyperparameters={"speed": 3}), "damaged description"),
    ("bad hyperparameter", describe(hyperparameters={"epochs": 0}), "damaged description"),
    ("hyperparameters of another kind", describe(hyperparameters=[]), "damaged description"),
    ("missing counter", describe(step=None), "damaged description"),
    ("counter of another kind", describe(step="many"), "damaged description"),
    ("negative epoch", describe(epoch=-1), "damaged description"),
    ("no inputs", describe(n_inputs=0), "damaged description"),
    ("infinite factor", describe(plateau_factor=float("inf")), "damaged description"),
    ("another network", describe(n_inputs=5), r"has \(\d+,\)"),
    ("missing array", lambda m: m.pop("average"), "holds"),
    ("additional array", lambda m: m.update(extra=np.zeros(3)), "holds"),
    ("another shape", lambda m: m.update(average=m["average"][None]), "average has"),
    ("whole numbers", lambda m: m.update({n: a.astype(int) for n, a in m.items() if n != "state"}), "not"),
    ("mixed formats", lambda m: m.update(average=m["average"].astype(np.float64)), "mixes number formats"),
    ("NaN", lambda m: m.update(average=m["average"] * np.nan), "not finite"),
    ("another value", lambda m: m.update(average=m["average"] * 2), "holds other values than were saved"),
    ("another counter", describe(step=7), "holds other values than were saved"),
    ("another seed", describe(hyperparameters={**RECIPE.as_dict(), "seed": 5}), "holds other values than were saved"),
    ("no digest", describe(sha256=None), "holds other values than were saved"),
    ("no description", lambda m: m.pop("state"), "not a whole checkpoint"),
    ("description not JSON", lambda m: m.update(state=np.array("{")), "not a whole checkpoint"),
    ("pickled object", lambda m: m.update(average=np.array([{}], dtype=object)), "not a whole checkpoint"),
]


@pytest.mark.parametrize(("change", "message"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_tampered_checkpoint(change: Callable[[Members], Any], message: str, path: Path) -> None:
    rewrite(path, change)
    with pytest.raises(CheckpointError, match=message):
        checkpoint.load(path)


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04" + b"\0" * 50, b"\x93NUMPY\x01\x00"])
def test_not_a_checkpoint(content: bytes, path: Path) -> None:
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match="not a whole checkpoint"):
        checkpoint.load(path)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_cut_short(share: float, path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(CheckpointError, match="not a whole checkpoint"):
        checkpoint.load(path)


def test_flipped_bit_is_noticed(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(CheckpointError):
        checkpoint.load(path)


def test_a_single_array_and_a_huge_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoint, "LARGEST", 100)
    with pytest.raises(CheckpointError, match="larger than any checkpoint"):
        checkpoint.load(path)
    monkeypatch.undo()
    with path.open("wb") as file:
        np.save(file, np.zeros(3))
    with pytest.raises(CheckpointError, match="not a whole checkpoint"):
        checkpoint.load(path)


def test_bomb_is_refused_before_it_is_unpacked(path: Path) -> None:
    header = io.BytesIO()
    np.save(header, np.zeros(1, np.float32))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("parameters.npy", header.getvalue() + bytes(200_000_000))
    with pytest.raises(CheckpointError, match="are compressed"):
        checkpoint.load(path)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        checkpoint.load(tmp_path / "none.npz")
