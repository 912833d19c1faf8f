"""With two thousand runs no page asks the database more often than with two, and none sends more than is read.

Every address is asked for, as a visitor and as an administrator, in a small world and in a large one. What an answer
costs is counted, not timed: `python -m benchmarks growth` holds the same addresses to a time.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoDbBlocker, Settings

from accounts.models import User
from recognizer import active_model
from tests import prepared, world
from tests.addresses import Address, addresses, sections
from tests.hwrsite.growth.visits import Visit, opened, visit

pytestmark = pytest.mark.processor_seconds(120)
MOST_BYTES, MOST_OF_THE_STUDY = 200_000, 400_000
MOST_STEPS = 1000  # thousands: some hundredths of a second
FILES = (
    "runs:export",
    "sweeps:csv",
    "sweeps:json",
    "study:figures",
    "devices:agent-archive",
    "devices:board",
    "metrics",
)
"""Downloads with every row or curve, the agent, and a figure of each view for programs: they may be large."""
STREAMED = ("runs:export",)
"""Sent while they are made, with queries for some hundreds of rows each."""
Opened = Callable[[], AbstractContextManager[None]]


@pytest.fixture(autouse=True)
def no_luck(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every request look which model is in service: a look each second would fall on one page or another."""
    monkeypatch.setattr(active_model, "LOOK_SECONDS", 0.0)


@pytest.fixture(autouse=True)
def no_files(settings: Settings, tmp_path: Path) -> None:
    """A folder of our own, with nothing in it; the larger of the two languages."""
    settings.PROPIS_VAR = tmp_path
    settings.LANGUAGE_CODE = "ru"


@pytest.fixture(scope="module")
def few(django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory) -> Opened:
    """A database with a row of every kind."""
    file = tmp_path_factory.mktemp("few") / prepared.DATABASE
    shutil.copyfile(prepared.database(), file)
    with opened(file, django_db_blocker):
        world.build(world.SMALL)
        User.objects.create_superuser("administrator")
    return partial(opened, file, django_db_blocker)


@pytest.fixture(scope="module")
def many(django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory) -> Opened:
    """A database as a busy year leaves it."""
    file = tmp_path_factory.mktemp("many") / prepared.DATABASE
    shutil.copyfile(prepared.large_database(), file)
    with opened(file, django_db_blocker):
        User.objects.create_superuser("administrator")
    return partial(opened, file, django_db_blocker)


@pytest.mark.parametrize("of", sections())
@pytest.mark.parametrize("who", ["visitor", "administrator"])
def test_what_a_page_costs_does_not_grow(few: Opened, many: Opened, who: str, of: str) -> None:
    with few():
        before = dict(visits(who, of))
    with many():
        after = dict(visits(who, of))
    wrong = [f"{url}: {fault}" for url, cost in after.items() for fault in faults(url, before[url], cost)]
    assert not wrong, "\n".join(wrong)
    assert len(after) == len(before) > 0


def faults(url: str, before: Visit, after: Visit) -> Iterator[str]:
    """Say what grows, or is too much."""
    if after.status == 500 or after.status != before.status:
        yield f"answered {after.status}, with few rows {before.status}"
    if url in STREAMED:
        assert after.streamed
        return
    if after.queries > before.queries:
        yield f"{before.queries} queries, and {after.queries} with many rows"
    most = MOST_OF_THE_STUDY if url == "study:index" else MOST_BYTES
    if after.size > most and url not in FILES:
        yield f"{after.size} bytes"
    if after.steps > MOST_STEPS:
        yield f"{after.steps} thousand steps of the database"


def visits(who: str, of: str) -> Iterator[tuple[str, Visit]]:
    """Visit the addresses of a section."""
    client = Client(raise_request_exception=False)
    if who == "administrator":
        client.force_login(User.objects.get(username=who))
    for address in addresses():
        if address.section == of:
            for query in queries_of(address):
                yield f"{address.name}{query}", visit(client, address.to_a_row() + query)


LISTS = {
    "runs:index": ("?page=40", "?q=run", "?q=learning_rate>=0.01", "?sort=-validation", "?tag=kept"),
    "runs:rows": ("?page=40",),
    "recognizer:index": ("?page=5", "?sort=-on+letters+1&device=xeon"),
    "sweeps:index": ("?page=4",),
}
"""What people ask of lists."""


def queries_of(address: Address) -> tuple[str, ...]:
    """The address as it is, and a list also further on and searched."""
    if address.name.endswith("_changelist"):
        return "", "?p=3", "?q=0"
    return "", *LISTS.get(address.name, ())
