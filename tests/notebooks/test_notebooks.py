"""Every exercise runs, solved and unsolved, and both say the same around what is to be done."""

import re
import runpy
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "notebooks"
NAMES = ("neuron", "backpropagation", "optimizer", "directions", "quantise")


def texts(path: Path) -> list[str]:
    """The cells of text."""
    cells = path.read_text(encoding="utf-8").split("# %%")
    return [cell for cell in cells if cell.startswith(" [markdown]")]


def code(path: Path) -> list[str]:
    """The cells of code."""
    return [cell for cell in path.read_text(encoding="utf-8").split("# %%") if not cell.startswith(" [markdown]")]


def said(path: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    runpy.run_path(str(path))
    return [line for line in capsys.readouterr().out.splitlines() if line[0] in "✓✗○"]


def test_all_are_named() -> None:
    helpers = {"__init__", "exercise", "letters"}
    assert {path.stem for path in FOLDER.glob("*.py")} - helpers == set(NAMES)
    assert {path.stem for path in (FOLDER / "solutions").glob("*.py")} - helpers == set(NAMES)
    assert {path.stem for path in (FOLDER / "ru").glob("*.py")} - helpers == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_an_unsolved_exercise_says_so_and_stops_nothing(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = FOLDER / f"{name}.py"
    lines = said(path, capsys)
    assert len(lines) == path.read_text(encoding="utf-8").count("\ncheck(")
    assert all(line.startswith("○") and line.endswith("your turn") for line in lines)


@pytest.mark.parametrize("name", NAMES)
def test_a_solution_solves_every_exercise(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(FOLDER / "solutions" / f"{name}.py", capsys)
    assert lines
    assert [line for line in lines if not line.startswith("✓")] == []


@pytest.mark.parametrize("name", NAMES)
def test_an_exercise_and_its_solution_have_the_same_text(name: str) -> None:
    assert texts(FOLDER / f"{name}.py") == texts(FOLDER / "solutions" / f"{name}.py")


@pytest.mark.parametrize("name", NAMES)
def test_the_russian_exercise_is_the_same_one(name: str) -> None:
    english, russian = FOLDER / f"{name}.py", FOLDER / "ru" / f"{name}.py"
    assert code(russian) == code(english)
    for ours, theirs in zip(texts(russian), texts(english), strict=True):
        assert re.search("[а-яё]{4}", ours)
        for kept in (r"^# #+ (?:\d+\.)?", r"\(\d\.\d+\)", r"`\w+`"):
            found = re.findall(kept, ours, re.M)
            assert [each for each in found if each != "`YourTurn`"] == re.findall(kept, theirs, re.M)
