"""Databases of another version, copies before a migration, and two set-ups at once."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from hwrsite import database
from tests.product import ROOT, Product, embedded, own_postgres, wait_until

NEWER = "INSERT INTO django_migrations (app, name, applied) VALUES ('jobs', '9999_later', '2030-01-01')"


@pytest.mark.django_db
@pytest.mark.parametrize("command", ["setup", "worker"])
def test_older_code_refuses_a_newer_database_in_one_line(command: str) -> None:
    database.refuse_newer()
    with connection.cursor() as cursor:
        cursor.execute(NEWER)
    with pytest.raises(CommandError, match=r"^The database was made by a newer version of Propis \(jobs 9999_later\)"):
        call_command(command)


@pytest.mark.django_db
def test_migrations_of_packages_that_are_gone_are_no_reason() -> None:
    with connection.cursor() as cursor:
        cursor.execute(NEWER.replace("'jobs'", "'once'"))
    database.refuse_newer()
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM django_migrations WHERE app = 'once'")
        assert cursor.fetchall() == [("9999_later",)], "it is left as it was"


@pytest.mark.django_db
def test_the_last_three_copies_before_a_migration_are_kept(settings: Settings, tmp_path: Path) -> None:
    settings.PROPIS_VAR = tmp_path
    for _time in range(5):
        database.copy_aside(plan=[("a", False)])
    database.copy_aside(plan=[])
    copies = sorted((tmp_path / "backups").iterdir())
    assert [path.name for path in copies] == [f"before-migration-{number:04d}.sqlite3" for number in (3, 4, 5)]
    with closing(sqlite3.connect(copies[-1])) as copy:
        assert copy.execute("SELECT count(*) FROM django_migrations").fetchone()[0] > 10


@pytest.fixture
def empty_postgres(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Environment of a product on an empty PostgreSQL database."""
    with own_postgres() as url:
        yield embedded(tmp_path) | {"DATABASE_URL": url}


@pytest.mark.services
@pytest.mark.processor_seconds(300)
def test_two_set_ups_at_once_both_succeed(empty_postgres: dict[str, str]) -> None:
    command = [sys.executable, "manage.py", "setup"]
    both = [
        subprocess.Popen(command, cwd=ROOT, env=empty_postgres, stderr=subprocess.PIPE, text=True) for _ in range(2)
    ]
    said = [process.communicate(timeout=900)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], said


@pytest.mark.processor_seconds(120)
def test_a_worker_waits_until_the_database_has_its_tables(tmp_path: Path) -> None:
    product = Product(tmp_path, embedded(tmp_path))
    product.begin("worker", "--queues", "short", "--without-clock")
    try:
        wait_until(lambda: "There is no database yet" in product.output())
        assert not product.named("celeryd:")
        product.manage("migrate", "--verbosity", "0")
        wait_until(lambda: "Workers for short start" in product.output())
        wait_until(lambda: product.named("worker-short"))
        assert "WARNING" not in product.output()
    finally:
        product.kill()


AWAY = {"DATABASE_URL": "postgres://nobody@127.0.0.1:9/nothing"}


@pytest.mark.parametrize(
    ("words", "environment", "sentence"),
    [
        ("export_dataset x --output y.zip", {}, "There is no database yet"),
        ("study", {}, "There is no database yet"),
        ("train --dataset x", AWAY, "The database does not answer"),
    ],
)
def test_a_command_without_its_database_says_so_in_a_line(
    words: str, environment: dict[str, str], sentence: str, tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", *words.split()],
        cwd=ROOT,
        env=embedded(tmp_path) | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == 1
