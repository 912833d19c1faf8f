"""Backups that are ordered, by people and by the clock."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from keeping import services
from keeping.execution import execute
from keeping.models import Backup
from training.jobs.models import State
from training.jobs.worker.work_loop import work_next

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)


@pytest.fixture
def at_noon(installed: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation that is two days old, at noon."""
    monkeypatch.setattr(timezone, "localtime", lambda: NOW)
    User.objects.update(date_joined=NOW - timedelta(days=2))
    return installed


def test_one_a_night_is_ordered_by_itself(at_noon: Path) -> None:
    ordered = services.order_nightly()
    assert ordered is not None
    assert ordered.night == NOW.date()
    assert services.order_nightly() is None


def test_none_is_ordered_before_the_first_night_or_where_they_are_off(at_noon: Path, settings: Settings) -> None:
    User.objects.update(date_joined=NOW - timedelta(hours=1))
    assert services.order_nightly() is None
    User.objects.update(date_joined=NOW - timedelta(days=2))
    settings.BACKUP_HOUR = None
    assert services.order_nightly() is None
    settings.BACKUP_HOUR = 13  # last at one o'clock of the day before
    assert (services.order_nightly() or Backup()).night == NOW.date() - timedelta(days=1)


def test_a_worker_makes_them_and_the_oldest_go(at_noon: Path, settings: Settings) -> None:
    settings.BACKUPS_KEPT = 2
    by_hand = services.order("before the lesson")
    for number in range(4):
        Backup.objects.create(night=NOW.date() - timedelta(days=number))
        assert work_next(Backup, execute)
    assert work_next(Backup, execute)
    assert not work_next(Backup, execute)

    made = Backup.objects.filter(state=State.SUCCEEDED)
    assert {backup.night for backup in made} == {None, NOW.date(), NOW.date() - timedelta(days=1)}
    by_hand.refresh_from_db()
    assert all(backup.path is not None and backup.path.stat().st_size == backup.file_bytes for backup in made)
    kept = {path.name for path in settings.BACKUP_FOLDER.glob("propis-*.zip")}
    assert kept == {backup.file_name for backup in made}
