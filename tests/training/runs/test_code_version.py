"""A worker with older code never trains a run whose hyperparameters it does not know."""

import dataclasses

import pytest

from training.core.hyperparameters import FIELDS
from training.runs.code_version import CODE_VERSION, FIELDS_DIGEST, fields_digest
from training.runs.models import Run


def test_the_version_was_raised_with_the_last_change_of_the_fields() -> None:
    assert fields_digest() == FIELDS_DIGEST, "raise CODE_VERSION in training/runs/code_version.py, then set the digest"


def test_runs_use_it_and_it_never_falls() -> None:
    assert Run.CODE_VERSION == CODE_VERSION >= 43, "rows of older databases ask for 43"


@pytest.mark.parametrize("change", [{"maximum": 3.5}, {"choices": ("other",)}, {"kind": "integers"}, {"name": "other"}])
def test_the_digest_sees_a_change(monkeypatch: pytest.MonkeyPatch, change: dict[str, object]) -> None:
    changed = dataclasses.replace(FIELDS["learning_rate"], **change)  # type: ignore[arg-type]  # one of its attributes
    monkeypatch.setitem(FIELDS, "learning_rate", changed)
    assert fields_digest() != FIELDS_DIGEST


@pytest.mark.parametrize("change", [{"label": "Other"}, {"help": "Other."}, {"default": 0.5}])
def test_the_digest_leaves_texts_and_defaults_alone(monkeypatch: pytest.MonkeyPatch, change: dict[str, object]) -> None:
    changed = dataclasses.replace(FIELDS["learning_rate"], **change)  # type: ignore[arg-type]  # one of its attributes
    monkeypatch.setitem(FIELDS, "learning_rate", changed)
    assert fields_digest() == FIELDS_DIGEST
