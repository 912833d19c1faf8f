"""Scripts and style sheets are bundled when static files are collected; their sources stay as they are."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError

from hwrsite import bundles

SOURCE = Path(settings.BASE_DIR, "static")
TEMPLATES = Path(settings.BASE_DIR, "templates")
IMPORT = re.compile(r"""\bfrom\s*["']|\bimport\s*["'{*]|\bimport\(\s*["']|@import""")
"""Of a module by its name; what is imported by an address that the page gives is a bundle of its own."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all bundles."""
    folder = tmp_path_factory.mktemp("bundles")
    bundles.make(SOURCE, folder)
    return folder


def test_what_pages_load_is_one_file_each(made: Path) -> None:
    named = set(re.findall(r"{% static '((?:js|css)/[\w/]+\.(?:js|css))' %}", _all_templates()))
    assert {"js/draw.js", "js/network/worker.js", "css/site.css"} <= named
    for name in named:
        content = (made / name).read_text()
        assert not IMPORT.search(content), name
        assert len(content) > 30, name


def _all_templates() -> str:
    return "".join(path.read_text() for path in TEMPLATES.rglob("*.html"))


def test_a_source_map_leads_to_the_modules(made: Path) -> None:
    assert (made / "js/draw.js").read_text().endswith("//# sourceMappingURL=draw.js.map\n")
    content = json.loads((made / "js/draw.js.map").read_text())
    assert {"js/draw.js", "js/network/reader.js", "js/sheet/sheet.js"} <= set(content["sources"])
    place = content["sources"].index("js/draw.js")
    assert content["sourcesContent"][place] == (SOURCE / "js/draw.js").read_text()


def test_the_same_sources_give_the_same_bundles_anywhere(made: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "some" / "where"
    names = bundles.make(SOURCE, elsewhere)
    assert len(names) > 30
    for name in names:
        assert (elsewhere / name).read_bytes() == (made / name).read_bytes(), name


def test_old_browsers_are_given_colours_that_they_know(made: Path) -> None:
    assert "light-dark(" in (SOURCE / "css/tokens.css").read_text()
    for path in (made / "css").iterdir():
        assert "light-dark(" not in path.read_text(), path.name


def test_a_mistake_in_a_module_is_told(tmp_path: Path) -> None:
    source = tmp_path / "static"
    (source / "js").mkdir(parents=True)
    (source / "js" / "broken.js").write_text('import { nothing } from "./nowhere.js";\n')
    with pytest.raises(CommandError, match=r"nowhere\.js"):
        bundles.make(source, tmp_path / "made")


def test_a_mistake_in_a_style_sheet_is_told(tmp_path: Path) -> None:
    source = tmp_path / "static"
    (source / "css").mkdir(parents=True)
    (source / "js").mkdir()
    (source / "js" / "fine.js").write_text("console.log(1);\n")
    (source / "css" / "broken.css").write_text('@import "nowhere.css";\n')
    with pytest.raises(CommandError, match=r"broken\.css"):
        bundles.make(source, tmp_path / "made")


@pytest.mark.parametrize("program", ["#!/bin/sh\nkill -ILL $$\n", None])
def test_where_the_bundler_does_not_run_scripts_stay_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, program: str | None
) -> None:
    path = tmp_path / "bun"
    if program:
        path.write_text(program)
        path.chmod(0o755)
    monkeypatch.setattr(bundles, "bun", lambda: path)
    names = bundles.make(SOURCE, tmp_path / "made")
    assert "css/site.css" in names
    assert not [name for name in names if name.startswith("js/")]
    assert "Scripts are served one by one" in caplog.text
