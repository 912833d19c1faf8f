"""Every page is there whatever state the jobs are in: before any of them has come to anything, and afterwards."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import models
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from tests import world
from tests.addresses import addresses
from training.jobs import lifecycle
from training.jobs.models import FINISHED, Job, State


@pytest.fixture
def administrator(admin_user: User, settings: Settings, tmp_path: Path) -> Client:
    """Somebody who may see all of a small world."""
    settings.PROPIS_VAR = tmp_path
    cache.clear()
    world.build(world.SMALL)
    client = Client(raise_request_exception=False)
    client.force_login(admin_user)
    return client


def empty(kind: type[Job]) -> Iterator[str]:
    """Columns of what a job has only later, or no more once what it was about is deleted."""
    return (field.attname for field in kind._meta.fields if isinstance(field, models.Field) and field.null)


@pytest.mark.django_db
@pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING, State.FAILED, State.SUCCEEDED])
def test_every_page_is_there_in_every_state(administrator: Client, admin_user: User, state: State) -> None:
    for kind in lifecycle.kinds():
        nothing = dict.fromkeys(empty(kind)) | {"created_by": admin_user}
        ended = {"finished_at": timezone.now()} if state in FINISHED else {}
        kind._default_manager.update(**nothing | ended, state=state, progress=0, error="It was so.")
    failed = [each.name for each in addresses() if administrator.get(each.to_a_row()).status_code == 500]
    assert failed == []
