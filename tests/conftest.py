"""What all tests share: markers by folder, a database, the real archives where they are, Chromium."""

import gc
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation
from pytest_django import DjangoDbBlocker

from tests import prepared

pytest_plugins = ["tests.processor_time", "tests.slowest", "tests.longest_first"]

# Playwright runs an event loop in the test's thread, which Django would take for a reason to refuse the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# Hundreds of processes start here, and none shall compile what another has compiled before.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--in-process-gpu",  # one process less to begin and to talk to: a tenth of what a page costs
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser")
"""The first takes a third less processor time than a whole Chromium whose window nobody sees."""
GARBAGE_THRESHOLD = 20_000
"""Objects that are made before the next look, some tens of times as many as Python's own."""
FOLDERS = {"browser": "browser", "services": "services", "faults": "faults"}


def data_folder() -> Path | None:
    """The folder of the real archives (PROPIS_DATA, or ../shared/data); None where it is not there."""
    folder = Path(os.environ.get("PROPIS_DATA", ROOT.parent / "shared" / "data"))
    return folder if (folder / "cmnist.zip").exists() else None


def pytest_configure() -> None:
    """Compile the translations before any test may load them; look for no garbage while the tests are collected."""
    from hwrsite.management.commands.setup import compile_translations  # settings are there only now

    compile_translations()
    gc.disable()


def pytest_collection_finish() -> None:
    """Look for garbage seldom, and never again among the tests and all that they import."""
    gc.freeze()
    gc.set_threshold(GARBAGE_THRESHOLD)
    gc.enable()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Import no module that has no test of the stage that is asked for: one needs some tens of hundreds."""
    if not collection_path.name.startswith("test_"):
        return None
    asked, folder = config.option.markexpr, collection_path.relative_to(ROOT / "tests").parts[0]
    if asked in FOLDERS.values():
        has_some = FOLDERS.get(folder) == asked or f"mark.{asked}" in collection_path.read_text(encoding="utf-8")
    else:
        has_some = f"not {FOLDERS.get(folder)}" not in asked
    return None if has_some else True


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by their folder; skip those that need the real archives where there are none."""
    no_data = pytest.mark.skip(reason="the real archives are not here (PROPIS_DATA)")
    for item in items:
        folder = item.path.relative_to(ROOT / "tests").parts[0]
        if folder in FOLDERS:
            item.add_marker(FOLDERS[folder])
        if folder == "faults" and isinstance(item, pytest.Function):
            item.add_marker(pytest.mark.xdist_group(_shared_by(item)))
        if item.get_closest_marker("realdata") and data_folder() is None:
            item.add_marker(no_data)


def _shared_by(item: pytest.Function) -> str:
    """Name the tests of a module on one stack, which share a started product and so one process of the tests."""
    stack = getattr(item, "callspec", None)
    return f"{item.path.stem} {stack.id if stack else ''}"


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Copy a database that is migrated already; each process of the tests has its own, in its own folder of state.

    After a test that commits it is copied again: Django would empty each table and make all permissions anew, which
    takes twenty times as long.
    """
    made, file = prepared.database(), Path(settings.PROPIS_VAR, "test.sqlite3")
    shutil.copyfile(made, file)
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["NAME"] = str(file)

    def copy_again(_test: TransactionTestCase) -> None:
        connection.ensure_connection()
        with closing(sqlite3.connect(made)) as source:
            source.backup(connection.connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", copy_again)
        yield


@pytest.fixture(autouse=True)
def looks(request: pytest.FixtureRequest) -> None:
    """Let the thread of a job look often, if the test commits; one that rolls back would lose its job to that look."""
    marker = request.node.get_closest_marker("django_db")
    if (marker and marker.kwargs.get("transaction")) or "transactional_db" in request.fixturenames:
        request.getfixturevalue("settings").JOB_LOOK_SECONDS = 0.05


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Begin each test in English: a request in Russian leaves its thread speaking Russian."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def uncounted() -> None:
    """Begin each test with no request counted."""
    from recognizer.web.limits import shared_counters  # settings are there only now

    if (counters := shared_counters()) is not None:
        counters.clear()


@pytest.fixture(autouse=True)
def no_model_in_memory() -> None:
    """Begin each test with no model in memory: that of another test lay in another folder, or its row is gone."""
    from recognizer import active_model  # settings are there only now

    active_model._current = active_model._Current()


@pytest.fixture
def real_archives() -> Path:
    """The folder of the two real archives."""
    folder = data_folder()
    assert folder is not None
    return folder


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Let browsers do nothing that is not looked at: no copies for later, which test_offline tries; no motion.

    The draw page would fetch each of its files twice, and a badge that turns is painted sixty times a second.
    """
    return browser_context_args | {"service_workers": "block", "reduced_motion": "reduce"}


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Launch the system's Chromium where there is one, else the one that Playwright installed."""
    path = os.environ.get("PROPIS_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUMS)), None)
    return browser_type_launch_args | {"args": CHROMIUM_ARGUMENTS} | ({"executable_path": path} if path else {})
