"""Checkpoints: all that is needed to resume and end with the same bits, in one `.npz` without pickle."""

from __future__ import annotations

import errno
import hashlib
import json
import math
import re
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from recognizer.core.files import replacing
from recognizer.core.messages import message as _
from training.core.hyperparameters import HyperparameterError, Hyperparameters
from training.core.parameters import Array
from training.core.state import TrainingState, array_sizes

FORMAT = 2
LARGEST = 2**30
"""Bytes of a checkpoint file, before anything of it is read."""

_WHOLE = {"n_inputs": 1, "n_classes": 1, "epoch": 0, "step": 0, "best_epoch": 0, "waited": 0}
"""Counters of a state and the smallest value of each."""
_REAL = ("plateau_factor", "best_accuracy")
SHA256 = re.compile(r"[0-9a-f]{64}")


class CheckpointError(ValueError):
    """A checkpoint that cannot be resumed from: which file, and what is wrong with it."""


def save(path: Path, state: TrainingState) -> None:
    """Write the state; whoever reads `path` sees the old checkpoint or the new one, never a part."""
    values: dict[str, Any] = {name: getattr(state, name) for name in (*_WHOLE, *_REAL)}
    values |= {"teachers": list(state.teachers)}
    document = {"format": FORMAT, "hyperparameters": state.hyperparameters.as_dict(), **values}
    document["sha256"] = _digest(document, state.arrays)
    members: dict[str, Any] = {"state": np.array(json.dumps(document)), **state.arrays}
    # If a power cut takes the new name back, the checkpoint before it is still there: one epoch is lost.
    # Waiting for the name as well would cost time in every epoch.
    with replacing(Path(path), name_survives=False) as file:
        np.savez(file, **members)


def _digest(document: dict[str, Any], arrays: dict[str, Array]) -> str:
    """SHA-256 of everything in a checkpoint, so that no value can change unnoticed."""
    digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode())
    for name in sorted(arrays):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(arrays[name]).data)
    return digest.hexdigest()


def load(path: Path) -> TrainingState:
    """Read a state and check all of it.

    Raises:
        CheckpointError: not a checkpoint, of another version, cut short, or tampered with.
        OSError: the file cannot be opened.
    """
    if Path(path).stat().st_size > LARGEST:
        raise CheckpointError(
            _("%(path)s is larger than any checkpoint (%(most)s MiB).") % {"path": path, "most": LARGEST >> 20}
        )
    try:
        document, arrays = _members(path)
    except OSError as error:
        if error.errno != errno.EINVAL:  # a damaged directory names places that the file has not
            raise
        raise CheckpointError(
            _("%(path)s is not a whole checkpoint: %(error)s.") % {"path": path, "error": error}
        ) from error
    except Exception as error:  # numpy and zipfile raise many types on damaged files
        raise CheckpointError(
            _("%(path)s is not a whole checkpoint: %(error)s.") % {"path": path, "error": error}
        ) from error
    return _checked(path, document, arrays)


def _members(path: Path) -> tuple[Any, dict[str, Array]]:
    """The description and the arrays. Stored members only: none can unpack to more than the file's size."""
    with zipfile.ZipFile(path) as archive:
        if any(member.compress_type != zipfile.ZIP_STORED for member in archive.infolist()):
            raise ValueError("its arrays are compressed")
    with np.load(path, allow_pickle=False) as members:
        document = json.loads(str(members["state"]))
        return document, {name: members[name] for name in members.files if name != "state"}


def _checked(path: Path, document: Any, arrays: dict[str, Array]) -> TrainingState:
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise CheckpointError(
            _("%(path)s is a checkpoint of another version; this one reads version %(format)s.")
            % {"path": path, "format": FORMAT}
        )
    try:
        hyperparameters = Hyperparameters.from_mapping(document["hyperparameters"])
        counters = _counters(document)
    except (HyperparameterError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise CheckpointError(
            _("%(path)s has a damaged description: %(error)s.") % {"path": path, "error": error}
        ) from error
    state = TrainingState(hyperparameters=hyperparameters, arrays=arrays, **counters)
    _check_arrays(path, state)
    if document.pop("sha256", None) != _digest(document, arrays):
        raise CheckpointError(_("%(path)s holds other values than were saved.") % {"path": path})
    return state


def _counters(document: dict[str, Any]) -> dict[str, Any]:
    for name, smallest in _WHOLE.items():
        if type(document[name]) is not int or document[name] < smallest:
            raise ValueError(f"{name} is {document[name]!r}")
    for name in _REAL:
        if type(document[name]) is not float or not math.isfinite(document[name]):
            raise ValueError(f"{name} is {document[name]!r}")
    return {name: document[name] for name in (*_WHOLE, *_REAL)} | {"teachers": _teachers(document)}


def _teachers(document: dict[str, Any]) -> tuple[str, ...]:
    """Fingerprints of the teachers."""
    teachers = document["teachers"]
    if not isinstance(teachers, list) or not all(
        isinstance(teacher, str) and SHA256.fullmatch(teacher) for teacher in teachers
    ):
        raise ValueError(f"teachers is {teachers!r}")
    return tuple(teachers)


def _check_arrays(path: Path, state: TrainingState) -> None:
    """Names, lengths, dtypes and finiteness are those of a training with these hyperparameters."""
    expected = array_sizes(state)
    if expected.keys() != state.arrays.keys():
        raise CheckpointError(
            _("%(path)s holds %(found)s, not %(expected)s.")
            % {"path": path, "found": sorted(state.arrays), "expected": sorted(expected)}
        )
    if len({array.dtype for array in state.arrays.values()}) != 1:
        raise CheckpointError(_("%(path)s mixes number formats.") % {"path": path})
    for name, array in state.arrays.items():
        if array.shape != (expected[name],) or array.dtype not in (np.float32, np.float64):
            raise CheckpointError(
                _("%(path)s: %(name)s has %(shape)s %(dtype)s, not (%(expected)s,) floats.")
                % {"path": path, "name": name, "shape": array.shape, "dtype": array.dtype, "expected": expected[name]}
            )
        if not np.isfinite(array).all():
            raise CheckpointError(
                _("%(path)s: %(name)s holds values that are not finite.") % {"path": path, "name": name}
            )
