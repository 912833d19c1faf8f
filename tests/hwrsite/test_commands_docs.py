"""Every command has its place in the docs."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = ("accounts", "hwrsite", "keeping", "recognizer", "training")
COMMANDS = sorted(
    path.stem for app in OURS for path in (ROOT / app).rglob("management/commands/*.py") if path.stem != "__init__"
)
DOCS = "\n".join(path.read_text(encoding="utf-8") for path in [*ROOT.glob("docs/*.md"), *ROOT.glob("*.md")])


def test_no_two_commands_have_one_name() -> None:
    assert len(COMMANDS) == len(set(COMMANDS)) > 20


@pytest.mark.parametrize("command", COMMANDS)
def test_the_docs_say_how_a_command_is_called(command: str) -> None:
    assert re.search(rf"manage\.py {command}\b|`{command}\b", DOCS), f"manage.py {command} stands nowhere in docs/"
