"""The same rows on PostgreSQL: moved there from SQLite, backed up from there, and restored into it."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import prepared
from tests.faults.rows import rows
from tests.keeping.conftest import FILES, tree, write
from tests.product import Product, embedded, own_postgres

pytestmark = [pytest.mark.services, pytest.mark.processor_seconds(600)]
ODD = {"x": 1e22, "y": [1.0, None, True], "я": 0.1}
FILL = """
from tests import world
from training.runs.models import Run
from recognizer.models import Drawing
world.build(world.SMALL)
Drawing.objects.order_by("-pk").first().delete()
Run.objects.filter(pk=1).update(notes="Ёж «ъ» \\\\ \\t", hyperparameters={odd})
"""
MOVE = """
from django.core.management import CommandError, call_command
from recognizer.models import Drawing
for attempt in range(2):
    call_command("move", to={to!r}, folder=Path({folder!r}), json=True)
Drawing.objects.update(letter="Щ")
try:
    call_command("move", to={to!r}, folder=Path({folder!r}))
except CommandError as error:
    print(json.dumps(str(error)))
"""
BACK_UP_AND_RESTORE = """
from django.core.management import call_command
from recognizer.models import Drawing
drawing = Drawing.objects.first()
drawing.pk = None
drawing.save()
call_command("backup", {file!r}, json=True)
Drawing.objects.all().delete()
call_command("restore", {file!r}, replace=True, json=True)
"""
RESTORE = """
from django.core.management import call_command
from training.runs.models import Tag
call_command("restore", {file!r}, json=True)
print(Tag.objects.create(name="next").pk)
"""
DRAWINGS = "SELECT id, letter FROM recognizer_drawing ORDER BY id"
RUN = "SELECT notes, hyperparameters FROM runs_run WHERE id = 1"


def answers(product: Product, code: str, **values: str) -> list[Any]:
    """Run code in a process and read each line that it prints as JSON."""
    imports = "import json\nfrom pathlib import Path\n"
    done = product.manage("shell", "--no-imports", "-v0", "-c", imports + code.format(**values))
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def old(tmp_path: Path) -> Product:
    """An installation on SQLite with rows of every kind and a few files."""
    var = tmp_path / "var"
    shutil.copytree(prepared.database().parent, var)
    for name, content in FILES.items():
        write(var, name, content)
    return Product(var, embedded(var))


@pytest.fixture
def address() -> Iterator[str]:
    with own_postgres() as url:
        yield url


def test_moved_and_backed_up_and_restored(old: Product, address: str, tmp_path: Path) -> None:
    before, folder, file = tree(old.var), tmp_path / "new", tmp_path / "propis.zip"
    first, second, refused = answers(old, FILL + MOVE, to=address, folder=str(folder), odd=repr(ODD))
    files = len(FILES) + 1
    assert (first["files"], first["copied"]) == (files, files)
    assert (second["rows"], second["copied"]) == (first["rows"], 0), "what is there is not copied again"
    assert "has rows already" in refused
    before.pop(prepared.DATABASE)
    assert {name: content for name, content in tree(old.var).items() if name in before} == before

    new = Product(folder, embedded(folder) | {"DATABASE_URL": address})
    [moved] = rows(new, RUN)
    assert (moved["notes"], moved["hyperparameters"]) == ("Ёж «ъ» \\ \t", ODD)
    _backup, restored = answers(new, BACK_UP_AND_RESTORE, file=str(file))
    drawings = rows(new, DRAWINGS)
    assert [drawing["id"] for drawing in drawings] == [1, 3], "the key of the deleted one was not given out again"
    assert Path(restored["set_aside"], "propis.sqlite3").exists()

    back = Product(tmp_path / "back", embedded(tmp_path / "back"))
    _restored, key = answers(back, RESTORE, file=str(file))
    assert key == 2
    assert rows(back, DRAWINGS) == drawings
    [run] = rows(back, RUN)
    assert json.loads(run["hyperparameters"]) == ODD
