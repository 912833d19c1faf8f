"""An installation of the version before roles is opened by today's code: nothing is lost, and its runs go on.

`060064a.zip` was made by `make upgrade-state AT=060064a`: see `make_state.py`.
"""

import json
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests import prepared
from tests.faults.rows import rows
from tests.faults.visitor import Visitor
from tests.product import Product, embedded, wait_until
from training.devices.benchmarks import environment

ARCHIVE = Path(__file__).parent / "060064a.zip"
PASSWORD = "of an earlier version"
RUNS = "SELECT id, name, state, epoch, attempt, weights_sha256 FROM runs_run"
USE = """
from io import StringIO
from django.conf import settings
from django.core.management import call_command

exported = settings.PROPIS_VAR / "letters.npz"
call_command("export_dataset", "letters", "--output", str(exported), stdout=StringIO())
for model in ("pixels", "moments", "switched off"):
    call_command("evaluate", "letters", "--model", model, "--json")
"""
EVENTS = "SELECT job_id, name FROM jobs_jobevent WHERE kind = 'runs.run' ORDER BY id"
Schema = dict[str, dict[str, tuple[bool, str | None]]]
"""By table and column: whether it must have a value, and the database's own default."""


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    """A product of today whose state is that version's, not migrated yet."""
    with zipfile.ZipFile(ARCHIVE) as archive:
        archive.extractall(tmp_path)
    found = Product(tmp_path, embedded(tmp_path))
    yield found
    found.kill()


@pytest.fixture(scope="module")
def about() -> dict[str, Any]:
    """What the version that made it says of it."""
    with zipfile.ZipFile(ARCHIVE) as archive:
        found: dict[str, Any] = json.loads(archive.read("about.json"))
    return found


@pytest.mark.processor_seconds(300)
def test_what_was_in_progress_goes_on_and_all_is_there(product: Product, about: dict[str, Any]) -> None:
    assert about["epochs"] == {"pixels": 4, "moments": 4, "paused": 2, "switched off": 2, "waiting": 0}
    product.start()  # as `make run` does: it migrates, and its workers find what is to be done
    wait_until(lambda: all(_runs(product)[name]["state"] == "succeeded" for name in ("switched off", "waiting")))
    runs = _runs(product)
    lost = runs["switched off"]
    assert [(runs[name]["state"], runs[name]["epoch"]) for name in ("switched off", "waiting")] == 2 * [
        ("succeeded", 4)
    ]
    happened = [event["name"] for event in rows(product, EVENTS) if event["job_id"] == lost["id"]]
    assert happened == ["worker lost", "started", "goes on", "succeeded"]
    assert lost["attempt"] == 2
    assert (runs["paused"]["state"], runs["paused"]["epoch"]) == ("paused", 2)
    if environment.describe() == about["environment"]:  # another processor's products are rounded in another order
        assert lost["weights_sha256"] == runs["waiting"]["weights_sha256"] == about["weights"]["moments"]

    person = Visitor(product, "head", PASSWORD)
    for name, run in runs.items():
        assert name in person.open(f"/runs/{run['id']}/")
    assert (product.var / "backups" / "before-migration-0001.sqlite3").exists()
    evaluated = product.manage("shell", "--no-imports", "--command", USE).stdout.splitlines()
    assert [json.loads(line)["images"] for line in evaluated] == [25, 25, 25]
    assert (product.var / "letters.npz").stat().st_size > 1000


def _runs(product: Product) -> dict[str, dict[str, Any]]:
    return {run["name"]: run for run in rows(product, RUNS)}


def test_processes_of_the_earlier_version_can_work_on_the_new_tables(product: Product) -> None:
    """While one web server or worker after the other is replaced both versions use the same tables."""
    before, after = _schema(product.var / prepared.DATABASE), _schema(prepared.database())
    gone = [f"{table}.{column}" for table in before for column in before[table] if column not in after.get(table, {})]
    assert not gone, "removed or renamed in the release that stops using it: wait for the next one"
    unknown = [
        f"{table}.{column}"
        for table in before
        for column, (is_needed, default) in after[table].items()
        if is_needed and default is None and before[table].get(column) != (is_needed, default)
    ]
    assert not unknown, "the earlier version gives it no value: let it be null, or give it a db_default"


def _schema(file: Path) -> Schema:
    with closing(sqlite3.connect(file)) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            table: {
                name: (bool(is_needed) and not key, default)
                for _n, name, _kind, is_needed, default, key in database.execute(f'PRAGMA table_info("{table}")')
            }
            for table in tables
        }
