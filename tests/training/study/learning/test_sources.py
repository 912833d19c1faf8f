"""What the teaching page claims of the core: the lines that it leads to, and its letters."""

import ast
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from recognizer.core.alphabet import RUSSIAN
from training.study.learning import letters
from training.study.learning.equations import MEANINGS, STEPS, EquationStep
from training.study.learning.scenes import SCENES
from training.study.learning.sources import SourceLine, SourceLineError, source

SIGNS = re.compile(r"[a-zA-Zα-ωΑ-Ω∂′ᵀ]+")
WORDS = {"ink", "e", "ln", "exp", "max", "Φ"}
"""Of formulas, beside the symbols that have a meaning."""


@pytest.mark.parametrize("step", STEPS, ids=[f"{each.key} {each.number} {each.conditions}" for each in STEPS])
def test_each_link_leads_to_the_line_that_it_claims(step: EquationStep) -> None:
    line = source(step.line.module).splitlines()[step.line.number - 1]
    assert step.line.text in line
    assert line.strip()
    if step.number:
        assert f"({step.number})" in line or f"({step.number})" in _docstring(step.line)


def _docstring(line: SourceLine) -> str:
    """What the function that holds the line says of itself."""
    functions = [each for each in ast.walk(ast.parse(source(line.module))) if isinstance(each, ast.FunctionDef)]
    found = next(each for each in functions if each.name == line.function)
    assert found.lineno <= line.number <= (found.end_lineno or 0), "the line is of the function that is named"
    return ast.get_docstring(found) or ""


def test_each_symbol_has_a_meaning() -> None:
    for step in STEPS:
        for word in SIGNS.findall(step.formula):
            assert word in MEANINGS or word.rstrip("⁻ᶻ") in WORDS, f"{word} in {step.formula}"


def test_a_line_that_is_not_there_is_told() -> None:
    with pytest.raises(SourceLineError, match="no line with"):
        SourceLine("training.core.costs", "_difference", "nothing of the kind").number  # noqa: B018


def test_the_letters_that_are_shipped_are_those_that_the_command_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = letters.FILE.read_bytes()
    monkeypatch.setattr(letters, "FILE", tmp_path / "made" / "letters.bin")
    call_command("write_lesson_letters", stdout=(tmp_path / "said").open("w"))
    assert letters.FILE.read_bytes() == shipped
    assert shipped[5:7] == bytes([len(RUSSIAN), letters.PER_LETTER])
    assert len(shipped) < 100_000


@pytest.mark.django_db
def test_the_page_and_the_sources_can_be_read_without_a_script(client: Client) -> None:
    html = client.get(reverse("learn:index")).content.decode()
    assert all(f'href="?{scene.query.replace("&", "&amp;")}"' in html for scene in SCENES)
    for step in STEPS:
        assert f'{reverse("study:source", args=[step.line.path])}#line-{step.line.number}"' in html
    for step in STEPS:
        found = client.get(reverse("study:source", args=[step.line.path]))
        assert f'id="line-{step.line.number}"' in found.content.decode()
