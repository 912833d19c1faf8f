"""Each thing that the doctor finds, found by breaking it."""

import json
import shutil
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.core.management import call_command
from django.db import connection
from kombu import Connection
from pytest_django import Settings

from accounts.models import User
from keeping.models import Backup
from recognizer.filestore.errors import StoreAwayError
from recognizer.models import StoredModel
from tests.training.datasets import making
from training.datasets.models import Dataset
from training.devices.models import Bundle
from training.jobs.models import Deployment, State
from training.jobs.worker import presence
from training.runs.models import Run


def found(*words: str) -> dict[str, dict[str, Any]]:
    """What the command says, by the names of the problems; its exit status fits."""
    output = StringIO()
    status: Any = 0
    try:
        call_command("doctor", "--json", *words, stdout=output)
    except SystemExit as end:
        status = end.code
    answer = json.loads(output.getvalue())
    problems = {problem["name"]: problem for problem in answer["problems"]}
    assert all(problem["what"].endswith((".", ")")) and problem["mend"] for problem in problems.values())
    assert answer["healthy"] is (status == 0) is not any(problem["is_error"] for problem in problems.values())
    return problems


@pytest.fixture
def healthy(installed: Path, settings: Settings) -> Path:
    """An installation without rows that speak of files, and with a worker that serves every queue."""
    for kind in (StoredModel, Dataset, Bundle, Run, Backup):
        kind.objects.all().delete()
    User.objects.create_superuser("head", password="a long and unusual word")
    settings.JOB_HEARTBEAT_SECONDS = 0.5
    settings.JOB_MISSED_HEARTBEATS = 2_000  # the worker shows itself once, and a test may take some minutes
    settings.ALLOWED_HOSTS = ["localhost"]
    presence.show(settings.QUEUES)
    installed.chmod(0o700)
    (installed / "secret_key").chmod(0o600)
    return installed


def ticks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a clock tick whenever it is looked at."""
    numbers = iter(range(1000))
    monkeypatch.setattr("keeping.doctor.processes._ticks", lambda: next(numbers))


def test_where_nothing_is_wrong_nothing_is_found(healthy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ticks(monkeypatch)
    assert found() == {}


Break = Callable[[Path, Any, pytest.MonkeyPatch], object]


def little_room(free: int) -> Break:
    def change(var: Path, _settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        usage = shutil.disk_usage(var)._replace(free=free)
        monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)

    return change


def newer(_var: Path, *_: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('jobs', '9999_x', '2030-01-01')")


def older(_var: Path, *_: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'keeping'")


def broker_away(_var: Path, _settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = Connection("redis://127.0.0.1:1/0")
    monkeypatch.setattr(current_app, "connection_for_write", lambda **_options: nobody)


def stored_model(var: Path, content: bytes | None) -> None:
    StoredModel.objects.create(
        name="letters", source="trained", file_sha256="0" * 64, file_bytes=1, weights_sha256="", sizes=[1, 1],
        activation="relu", ink_specification="raw-28", precision="fp32", parameters=1, card={},
    )  # fmt: skip
    if content is not None:
        (var / "models" / f"{'0' * 64}.npz").write_bytes(content)


def queued(_var: Path, *_: Any) -> None:
    presence.show(["training"])
    Backup.objects.create()


BREAKS: dict[str, tuple[Break, str, bool]] = {
    "an old Python": (lambda _v, _s, patch: patch.setattr(sys, "version_info", (3, 9, 2)), "python", True),
    "others may read": (lambda var, *_: (var / "secret_key").chmod(0o644), "permissions", True),
    "somebody else's": (lambda _v, _s, patch: patch.setattr("os.geteuid", lambda: 4711), "owner", True),
    "a full disk": (little_room(2**20), "room", True),
    "debug": (lambda _v, settings, _p: setattr(settings, "DEBUG", True), "debug", True),
    "a default secret": (lambda _v, settings, _p: setattr(settings, "SECRET_KEY", "changeme" * 8), "secret-key", True),
    "every host": (lambda _v, settings, _p: setattr(settings, "ALLOWED_HOSTS", ["*"]), "hosts", True),
    "no HTTPS": (lambda _v, settings, _p: setattr(settings, "ALLOWED_HOSTS", ["propis.example"]), "https", False),
    "newer code": (newer, "newer-database", True),
    "pending migrations": (older, "migrations", True),
    "half restored": (
        lambda var, *_: (var / "restore.json").write_text('{"staging": "", "aside": "", "moves": []}'), "restore", True,
    ),
    "no broker": (broker_away, "broker", False),
    "not running": (lambda *_: presence.leave(), "stopped", False),
    "no worker": (queued, "queue", True),
    "no administrator": (lambda *_: User.objects.all().update(is_active=False), "administrator", True),
    "a known password": (lambda *_: User.objects.create_superuser("boss", password="admin"), "password", True),
    "a failed backup": (lambda *_: Backup.objects.create(state=State.FAILED, error="No room."), "backup", True),
    "a missing model": (lambda var, *_: stored_model(var, None), "model", True),
    "an altered model": (lambda var, *_: stored_model(var, b"altered"), "model", True),
    "missing images": (
        lambda *_: Bundle.objects.create(
            model=StoredModel.objects.create(
                name="a", source="trained", file_sha256="1" * 64, file_bytes=1, weights_sha256="", sizes=[1, 1],
                activation="relu", ink_specification="raw-28", precision="fp32", parameters=1, card={},
            ),
            precision="fp32", inputs_sha256="2" * 64, state=State.SUCCEEDED,
        ), "images", True,
    ),
    "a lost checkpoint": (
        lambda *_: Run.objects.create(name="a", hyperparameters={}, letters="а", epoch=3, state=State.PAUSED),
        "checkpoint", False,
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", BREAKS)
def test_what_is_broken_is_found(healthy: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    ticks(monkeypatch)
    change, name, is_error = BREAKS[what]
    change(healthy, settings, monkeypatch)
    problems = found()
    assert name in problems
    assert problems[name]["is_error"] is is_error
    if "model" not in what and "images" not in what:
        assert len(problems) == 1, problems


def test_a_database_that_is_not_there_is_all_that_is_found(healthy: Path) -> None:
    connection.close()
    (healthy / "propis.sqlite3").rename(healthy / "elsewhere.sqlite3")
    problems = found()
    assert list(problems) == ["database"]
    assert problems["database"]["what"] == "There is no database yet."


def test_a_clock_that_does_not_tick_is_found(healthy: Path) -> None:
    assert list(found("--without-files")) == ["clock"]
    Deployment.objects.update(clock_ticks=7)
    assert list(found("--without-files")) == ["clock"]


def test_a_data_set_that_was_altered_or_lost_is_found(
    healthy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks(monkeypatch)
    archive = making.write_zip(tmp_path / "letters.zip", making.folders())
    call_command("import_dataset", str(archive), name="letters", stdout=StringIO())
    dataset = Dataset.objects.get()
    assert found() == {}

    pictures = dataset.folder / "pictures.bin"
    whole = pictures.read_bytes()
    half = len(whole) // 2
    for damaged in (whole[:half], whole[:half] + bytes(64) + whole[half + 64 :]):
        pictures.write_bytes(damaged)
        assert list(found()) == ["data-set"]
    shutil.rmtree(dataset.folder)
    assert "is missing" in found()["data-set"]["what"]


def test_files_of_a_store_that_goes_away_are_not_said_to_be_lost(
    healthy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks(monkeypatch)
    archive = making.write_zip(tmp_path / "letters.zip", making.folders())
    call_command("import_dataset", str(archive), name="letters", stdout=StringIO())

    def away(_path: Path) -> Path:
        raise StoreAwayError("no answer")

    monkeypatch.setattr("training.datasets.storage.picture_files.here", away)
    assert list(found()) == ["store"]


def test_in_words_each_has_its_remedy(healthy: Path) -> None:
    presence.leave()
    output = StringIO()
    call_command("doctor", "--without-files", stdout=output, no_color=True)
    assert output.getvalue().splitlines() == ["! Propis is not running.", "  `make run` starts it."]
