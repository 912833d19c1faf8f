"""docs/training.md: every equation of the thesis has its code and its test; every option is described."""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path
from typing import Any

import pytest

from training.core.hyperparameters import FIELDS, PRESETS

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "training.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (?P<labels>\(\d\.\d+\)[^|]*) \|[^|]*\| `(?P<code>[\w.]+)` \| `(?P<test>[\w/]+::\w+)` \|$", re.M)
ROWS = list(ROW.finditer(PAGE))
EQUATIONS = [f"({part}.{n})" for part, last in ((1, 26), (2, 12)) for n in range(1, last + 1)]


def labels(row: re.Match[str]) -> list[str]:
    return re.findall(r"\(\d\.\d+\)", row["labels"])


def test_every_equation_has_a_row() -> None:
    assert sorted(label for row in ROWS for label in labels(row)) == sorted(EQUATIONS)


@pytest.mark.parametrize("row", ROWS, ids=[row["labels"] for row in ROWS])
def test_equation_stands_beside_its_code_and_its_test_exists(row: re.Match[str]) -> None:
    code = resolved(row["code"])
    assert callable(code)
    source = inspect.getsource(code)
    missing = [label for label in labels(row) if not stands_in(label, source)]
    assert missing == []
    file, _, test = row["test"].partition("::")
    assert f"def {test}(" in (ROOT / "tests" / "training" / "core" / f"{file}.py").read_text(encoding="utf-8")


def resolved(path: str) -> Any:
    """What a dotted path below training.core names: modules first, then what is in them."""
    found: Any = importlib.import_module("training.core")
    for name in path.split("."):
        if not hasattr(found, name):
            importlib.import_module(f"{found.__name__}.{name}")
        found = getattr(found, name)
    return found


def stands_in(label: str, source: str) -> bool:
    """Whether a source has this number, itself or within “(1.5) to (1.7)”."""
    part, number = label.strip("()").split(".")
    ranges = re.findall(rf"\({part}\.(\d+)\) to \({part}\.(\d+)\)", source)
    return label in source or any(int(first) <= int(number) <= int(last) for first, last in ranges)


@pytest.mark.parametrize("name", FIELDS)
def test_every_hyperparameter_is_on_the_page(name: str) -> None:
    field = FIELDS[name]
    assert f"| `{name}` | {field.label}" in PAGE


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_on_the_page(name: str) -> None:
    assert f"| `{name}` |" in PAGE
