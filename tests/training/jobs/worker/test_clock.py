"""The clock does each of its works each period, whatever becomes of the others."""

import pytest
from django.conf import settings
from django.db import OperationalError
from django.utils.module_loading import import_string
from pytest_django import Settings

from training.jobs import files
from training.jobs.worker import clock

pytestmark = pytest.mark.django_db
done: list[str] = []


def fails() -> None:
    """Work that fails."""
    raise ZeroDivisionError


def waits() -> None:
    """Work whose database is away."""
    raise OperationalError("no answer")


def works() -> None:
    """Work that succeeds."""
    done.append("works")


def test_what_fails_keeps_no_other_from_being_done(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    settings.CLOCK_WORK = [f"{__name__}.{name}" for name in ("fails", "waits", "works")]
    settings.CLOCK_WORK_ON_FILES = []
    done.clear()
    clock.tick()
    assert done == ["works"]
    assert f"{__name__}.fails failed" in caplog.text
    assert f"{__name__}.waits waits for the next period, as the database did not answer: no answer" in caplog.text


def test_its_works_are_there_and_the_reaper_comes_first() -> None:
    assert all(callable(import_string(name)) for name in (*settings.CLOCK_WORK, *settings.CLOCK_WORK_ON_FILES))
    assert settings.CLOCK_WORK[0] == "training.jobs.lifecycle.reap"


def test_work_on_files_is_left_alone_where_they_are_not(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.CLOCK_WORK, settings.CLOCK_WORK_ON_FILES = [], [f"{__name__}.works"]
    done.clear()
    monkeypatch.setattr(files, "are_here", lambda: False)
    clock.tick()
    assert done == []
    monkeypatch.setattr(files, "are_here", lambda: True)
    clock.tick()
    assert done == ["works"]
