"""Somebody of each role follows the links that he is shown: nothing fails, and all that is shown is for him.

One of each view; `python -m benchmarks growth` follows more of them, in a large world.
"""

from collections.abc import Iterator

import pytest

from accounts.roles import TRAINER, VIEWER
from tests.addresses import addresses
from tests.hwrsite.growth.crawling import Crawled, crawl, links
from tests.hwrsite.rights.conftest import few_rows as few_rows
from tests.hwrsite.rights.people import People
from tests.hwrsite.rights.rules import ANYBODY, rule_of
from tests.hwrsite.rights.test_rights import is_for

pytestmark = [pytest.mark.django_db, pytest.mark.processor_seconds(180)]
REFUSED = 403
FEWEST = 40
"""Different views that a visitor comes to."""


def faults(role: str, found: Crawled) -> Iterator[str]:
    """Say what is wrong with an address that was shown to somebody."""
    where = f"{found.url}, on {found.found_on}"
    if not found.view:
        yield f"{where}: there is nothing at this address"
    if found.visit.status >= 500:
        yield f"{where}: {found.visit.status}"
    if found.found_on and found.visit.status == REFUSED:
        yield f"{where}: it is shown to somebody who may not look at it"
    if found.view and found.visit.status == 200 and not _may_look(role, found.view):
        yield f"{where}: it is open to a {role}"


def _may_look(role: str, view: str) -> bool:
    """Whether a role may look at a page; an administrator may look at all that anybody may."""
    look = rule_of(view).look
    return role == "administrator" or look == ANYBODY or (role != "visitor" and is_for(role, view, look))


@pytest.mark.parametrize("role", ["visitor", VIEWER, TRAINER, "administrator"])
def test_whoever_follows_all_links_meets_no_fault(role: str) -> None:
    people = People()
    clients = {"visitor": people.visitor, "administrator": people.administrator}
    client = clients[role]() if role in clients else people.member(role)
    found = list(crawl(client, of_a_shape=1, of_a_view=1))
    wrong = [fault for each in found for fault in faults(role, each)]
    assert not wrong, "\n".join(wrong)
    assert len({each.view for each in found} & {address.name for address in addresses()}) > FEWEST


def test_links_are_found() -> None:
    page = (
        '<a href="?q=1#x">1</a><a href="//elsewhere/">2</a><form action="/a/" method="post"></form><form action="/b/">'
        '<div hx-get="../c/"></div><a href="mailto:x">3</a><a href="/static/x.css">4</a><a href="?q=1">5</a>'
    )
    assert links("/runs/1/", page) == ["/runs/1/?q=1", "/b/", "/runs/c/"]
