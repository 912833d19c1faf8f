"""The examples of docs/api.md run as they stand there, against a running server."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.product import ROOT, Product, need

PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```(sh|python|js)\n(.*?)```", PAGE, re.DOTALL)
PROGRAMS = {"sh": ["sh", "-e"], "python": [sys.executable], "js": ["node"]}
NAMES = {"sh": "example.sh", "python": "example.py", "js": "example.mjs"}
SITE = "http://localhost:8000"
pytestmark = [pytest.mark.processor_seconds(300), pytest.mark.xdist_group("api")]


def test_there_are_examples_in_every_language() -> None:
    assert {language: sum(each == language for each, _code in EXAMPLES) for language in PROGRAMS} == {
        "sh": 4, "python": 4, "js": 4,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("language", "code"), EXAMPLES, ids=[f"{number} {language}" for number, (language, _code) in enumerate(EXAMPLES)]
)
def test_an_example_reads_letters(
    site: Product, environment: dict[str, str], picture: Path, tmp_path: Path, language: str, code: str
) -> None:
    need(language != "sh" or shutil.which("curl") is not None, "curl")
    assert SITE in code
    shutil.copy(picture, tmp_path / "letter.png")
    (tmp_path / NAMES[language]).write_text(code.replace(SITE, site.url), encoding="utf-8")
    words = [*PROGRAMS[language], NAMES[language]]
    done = subprocess.run(
        words, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=900, check=False
    )
    assert done.returncode == 0, done.stderr
    assert re.search(r'^[А-ЯЁ]+\b|"(letter|text)": ?"[А-ЯЁ]+"', done.stdout), done.stdout
