"""Every exercise runs, solved and unsolved, and both say the same around what is to be done."""

import ast
import re
import runpy
from pathlib import Path

import pytest

from notebooks.exercise import check
from notebooks.ru import exercise as russian_exercise

FOLDER = Path(__file__).parents[2] / "notebooks"
NAMES = ("neuron", "backpropagation", "optimizer", "directions", "quantise")


def texts(path: Path) -> list[str]:
    """The cells of text."""
    cells = path.read_text(encoding="utf-8").split("# %%")
    return [cell for cell in cells if cell.startswith(" [markdown]")]


class Wordless(ast.NodeTransformer):
    """Code without what is said in it: docstrings, the tasks of checks, what is printed, and whose `check` it is."""

    def visit_Expr(self, node: ast.Expr) -> ast.Expr:
        match node.value:
            case ast.Constant(str()):
                node.value = ast.Constant("")
            case ast.Call(func=ast.Name("check")):
                node.value.args[0] = ast.Constant("")
            case ast.Call(func=ast.Name("print"), args=[ast.JoinedStr() as printed]):
                printed.values = [each for each in printed.values if not isinstance(each, ast.Constant)]
        return node

    def visit_Module(self, node: ast.Module) -> ast.Module:
        imports = [each for each in node.body if isinstance(each, ast.ImportFrom)]
        node.body = [*(each for each in node.body if each not in imports), *sorted(imports, key=self._place)]
        self.generic_visit(node)
        return node

    @staticmethod
    def _place(node: ast.ImportFrom) -> str:
        node.module = (node.module or "").replace("notebooks.ru.", "notebooks.")
        return node.module


def code(path: Path) -> str:
    """The code without words."""
    return ast.dump(Wordless().visit(ast.parse(path.read_text(encoding="utf-8"))), indent=1)


def docstrings(path: Path) -> list[str]:
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef)
    return [text for node in nodes if isinstance(node, kinds) and (text := ast.get_docstring(node))]


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
    assert len(docstrings(russian)) == len(docstrings(english))
    for ours, theirs in zip(texts(russian), texts(english), strict=True):
        assert re.search("[а-яё]{4}", ours)
        for kept in (r"^# #+ (?:\d+\.)?", r"\(\d\.\d+\)", r"`\w+`"):
            found = re.findall(kept, ours, re.M)
            assert [each for each in found if each != "`YourTurn`"] == re.findall(kept, theirs, re.M)


@pytest.mark.parametrize("name", NAMES)
def test_the_russian_exercise_says_nothing_in_english(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = FOLDER / "ru" / f"{name}.py"
    runpy.run_path(str(path))
    lines = capsys.readouterr().out.splitlines()
    checks = [line for line in lines if line.startswith("○")]
    assert len(checks) == path.read_text(encoding="utf-8").count("\ncheck(")
    assert all(line.endswith(": ваша очередь") for line in checks)
    for text in (*docstrings(path), *lines):
        assert not re.search("[A-Za-z]{3,}", re.sub("`[^`]*`", "", text)), text


def test_what_is_wrong_is_said_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    check("a task", lambda: False)
    russian_exercise.check("задание", lambda: False)
    russian_exercise.check("задание", lambda: True)
    assert capsys.readouterr().out.splitlines() == ["✗ a task: not yet right", "✗ задание: пока неверно", "✓ задание"]
