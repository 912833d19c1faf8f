"""The pages of docs/: each stands in the site's navigation, and every link between them leads to what is there."""

import itertools
import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.product import ROOT

DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *(ROOT / "notebooks").glob("*.md")])
TOCTREE = re.compile(r"```\{toctree\}\n(.*?)```", re.DOTALL)
ABROAD = re.compile(r"[a-z]+:")


def test_every_page_is_in_the_navigation() -> None:
    listed = [
        line
        for path in (DOCS / "index.md", DOCS / "decisions" / "README.md")
        for tree in TOCTREE.findall(path.read_text(encoding="utf-8"))
        for line in tree.split()
        if not line.startswith(":")
    ]
    of_index = {
        path for name in listed for path in (*DOCS.glob(f"{name}.md"), *(DOCS / "decisions").glob(f"{name}.md"))
    }
    assert set(DOCS.rglob("*.md")) - of_index == {DOCS / "index.md"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    lost = [
        link
        for link in _links(page)
        if not ABROAD.match(link) and not link.startswith("/") and not _is_there(page, link)
    ]
    assert not lost


def test_the_table_of_pythons_says_what_is_declared_and_checked() -> None:
    text = (ROOT / "docs/python.md").read_text()
    rows = {line.split("|")[1].strip(): line.split("|")[2].strip() for line in text.splitlines() if line[:2] == "| "}
    product = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    assert rows["site, workers, trainings"].split(",")[0] == product.removeprefix(">=")
    [checked] = re.findall(r"vermin .*-t=([\d.]+)- (.*)", (ROOT / "Makefile").read_text())
    [wheel] = re.findall(r'requires-python = ">=([\d.]+)"', (ROOT / "recognizer/exports/wheel.py").read_text())
    assert wheel == checked[0]
    assert {"recognizer/core", "training/devices/agent.py", "recognizer/exports/onnx_file"} <= set(checked[1].split())
    for part in ("`recognizer.core`, the wheel, its command, writers of exports", "agent of devices"):
        assert rows[part] == f"{wheel} and later"


def _is_there(page: Path, link: str) -> bool:
    name, _hash, anchor = unquote(link).partition("#")
    target = (page.parent / name).resolve() if name else page
    return target.exists() and (not anchor or anchor in _anchors(target))


def _links(page: Path) -> list[str]:
    return [
        str(link)
        for token in _tokens(page)
        for each in token.children or ()
        if (link := each.attrGet("href") or (each.attrGet("src") if each.type == "image" else None))
    ]


@cache
def _anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub and MyST make them."""
    tokens, found = _tokens(page), set[str]()
    for heading, inline in itertools.pairwise(tokens):
        if heading.type == "heading_open":
            slug = _slug("".join(each.content for each in inline.children or ()))
            number = next(number for number in range(1000) if (f"{slug}-{number}" if number else slug) not in found)
            found.add(f"{slug}-{number}" if number else slug)
    return found


def _slug(heading: str) -> str:
    kept = (each for each in heading.lower() if each in "-_ " or unicodedata.category(each)[0] in "LNM")
    return "".join(kept).replace(" ", "-")


@cache
def _tokens(page: Path) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse(page.read_text(encoding="utf-8"))
