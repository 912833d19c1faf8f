"""docs/architecture.md is true: its drawing is that of the contracts, and every name on it exists."""

import importlib
import re
from pathlib import Path
from typing import Any

import pytest

from hwrsite.architecture import drawing, layers_by_name

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
QUOTED = sorted(set(re.findall(r"`([^`\n]+)`", PAGE)))
APPS = "recognizer|training|hwrsite|accounts|copybook|keeping"
NAMES = [each for each in QUOTED if re.fullmatch(rf"({APPS})(\.\w+)+", each)]
PATHS = [each for each in QUOTED if re.match(rf"({APPS}|static|templates|tests)/[^<]*$", each)]


def resolved(name: str) -> Any:
    """What a dotted name stands for: the longest module, then attributes."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            found = getattr(found, part)
        return found
    raise ModuleNotFoundError(name)


def test_the_drawing_is_that_of_the_contracts() -> None:
    drawn = (ROOT / "docs" / "images" / "architecture.svg").read_text(encoding="utf-8")

    assert drawn == drawing(layers_by_name(ROOT / "pyproject.toml")), "draw it again: manage.py draw_architecture"


def test_the_drawing_has_every_room_of_the_contracts() -> None:
    svg = drawing({"inside training: each app knows only those below it": [["training.a", "training.b"]],
                   "rooms of training.a": [["training.a.web"], ["training.a.one", "training.a.two"]],
                   "rooms of training.b": [["training.b.models"]]})  # fmt: skip

    assert "web › one · two" in svg
    assert ">models<" in svg


@pytest.mark.parametrize("name", NAMES)
def test_every_name_exists(name: str) -> None:
    assert resolved(name) is not None


@pytest.mark.parametrize("path", PATHS)
def test_every_path_exists(path: str) -> None:
    file, _, function = path.partition(":")
    assert (ROOT / file).exists()
    if function:
        assert re.search(rf"\b{function}\(", (ROOT / file).read_text(encoding="utf-8"))


def test_the_walks_are_long_enough_to_follow() -> None:
    sections = dict(re.findall(r"^## The walk of a (\S+)\n(.*?)(?=^## )", PAGE, re.M | re.S))
    steps = {name: re.findall(r"^\d+\. (?:`([^`]+)`|.)", text, re.M) for name, text in sections.items()}

    assert set(steps) == {"stroke", "mini-batch", "job"}
    for named in steps.values():
        assert len(named) >= 10
        assert all(named), "each step begins with the function that does it"
