"""Every address and every action of the admin × role: who may look, who may send, and that nobody else starts anything.

Addresses come from the resolver and actions from the registry, rights from `rules.py`.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection, transaction
from django.db.models import Model
from django.http import HttpResponseBase
from django.test import Client, RequestFactory

from accounts.models import User
from accounts.roles import PERMISSIONS, TRAINER
from recognizer import services
from recognizer.models import StoredModel
from tests.addresses import Address, addresses, sections
from tests.hwrsite.rights.people import People
from tests.hwrsite.rights.rules import ANYBODY, NOBODY, SIGNED_IN, STAFF, TRAINERS_OWN, right_of, rule_of
from training.runs.models import Run
from training.sweeps.models import Sweep

pytestmark = [pytest.mark.django_db, pytest.mark.processor_seconds(180)]
WRITE = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)
OF_NOBODY = ("django_session", "django_admin_log", "accounts_signin", "axes_", "accounts_auditentry")
"""Beginnings of tables that any request may write to."""


def is_refused(answer: HttpResponseBase, client: Client) -> bool:
    """Whether somebody was not let in: told so, or led to a log-in; by the admin's first page, who has no admin."""
    where = "/admin/login/|/account/sign-in/"
    if not getattr(client, "has_admin", False):
        where += "|/admin/$"
    to_login = re.match(where, answer.headers.get("Location", "")) is not None
    return to_login or answer.status_code in (403, 405)


@contextmanager
def undone() -> Iterator[set[str]]:
    """Undo what is done here; give the tables that were written to."""
    written: set[str] = set()

    def watch(execute: Any, sql: str, *arguments: Any) -> Any:
        if (found := WRITE.match(sql)) and not found[1].startswith(OF_NOBODY):
            written.add(found[1])
        return execute(sql, *arguments)

    with transaction.atomic(), connection.execute_wrapper(watch):
        yield written
        transaction.set_rollback(True)


def ask(client: Client, method: str, url: str, data: dict[str, Any] | None = None) -> tuple[bool, set[str]]:
    """Ask, undo it, and return whether it was refused and what it wrote to."""
    cookies = client.cookies.copy()
    with undone() as written:
        answer = getattr(client, method)(url, data)
    client.cookies.update(cookies)  # who logs out here comes back
    return is_refused(answer, client), written


@pytest.mark.parametrize("of", sections())
def test_who_may_look_at_every_address_and_who_may_send_to_it(people: People, of: str) -> None:
    """Whoever may only look, at whatever, changes nothing."""
    wrong = [
        f"{method} {address.name}: {fault}"
        for address in addresses()
        if address.section == of
        for method, right in (("get", rule_of(address.name).look), ("post", rule_of(address.name).send))
        for fault in faults(people, method, address, right)
    ]
    assert not wrong, "\n".join(wrong)


def faults(people: People, method: str, address: Address, right: str) -> Iterator[str]:
    """Say who is let in and should not be, or is refused and should not be, or changes what only others may."""
    url, rule = address.to_a_row(), rule_of(address.name)
    for name, person, is_let_in in (
        ("a visitor", people.visitor(), right == ANYBODY),
        ("one of the staff", people.viewer(), right in (ANYBODY, SIGNED_IN, STAFF) or ".view_" in right),
        *((f"a {role}", people.member(role), is_for(role, address.name, right)) for role in PERMISSIONS),
    ):
        refused, written = ask(person, method, url)
        if refused == is_let_in:
            yield f"{name} is {'refused' if refused else 'let in'}"
        if written - set(rule.writes):
            yield f"{name} writes to {written}"
    if right == NOBODY and not ask(people.administrator(), method, url)[0]:
        yield "an administrator is let in, and nobody should be"
    if "." in right:
        yield from faults_of_rights(people, method, url, right, look_too=rule.look == rule.send)


def is_for(role: str, name: str, right: str) -> bool:
    """Whether a role has a right: by its permissions, and never in the admin; a trainer's own things are apart."""
    if right in (ANYBODY, SIGNED_IN):
        return True
    may = set(right.split("+")) <= set(PERMISSIONS[role])
    return may and not name.startswith("admin:") and name not in TRAINERS_OWN


def test_a_trainer_rules_over_what_he_started_and_nothing_else(people: People) -> None:
    trainer = people.member(TRAINER)
    other = User.objects.create_user("another")
    mine = User.objects.get(pk=trainer.session["_auth_user_id"])
    for owner, is_refused_all in ((other, True), (None, True), (mine, False)):
        Run.objects.update(created_by=owner)
        Sweep.objects.update(created_by=owner)
        of_his = [address for address in addresses() if address.name in TRAINERS_OWN]
        assert len(of_his) == len(TRAINERS_OWN)
        assert [ask(trainer, "post", each.to_a_row())[0] for each in of_his] == [is_refused_all] * len(of_his), owner


def faults_of_rights(people: People, method: str, url: str, right: str, *, look_too: bool) -> Iterator[str]:
    """Say whether one without a right is let in, or one who has it is refused; what he sends is seen by looking."""
    for each in right.split("+"):
        if not ask(people.without(each), method, url)[0]:
            yield f"one without {each} is let in"
    seen = look_too and method == "post"
    if ".view_" not in right and not seen and ask(people.only(right), method, url)[0]:
        yield f"one with {right} is refused"


def registered() -> list[type[Model]]:
    """Every kind of row that the admin shows."""
    return list(admin.site._registry)


@pytest.mark.parametrize("model", registered(), ids=lambda model: model._meta.label)
def test_actions_are_offered_and_done_for_those_with_the_right(people: People, model: type[Model]) -> None:
    label = f"{model._meta.app_label}_{model._meta.model_name}"
    for action in actions_for(people.administrator(), model):
        right = right_of(label, action)
        assert action not in actions_for(people.without(right), model), action
        assert action in actions_for(people.only(right), model), action
        refused = people.viewer() if ".view_" not in right else people.without(right)
        assert act(refused, model, action) == set(), action


def actions_for(client: Client, model: type[Model]) -> set[str]:
    """Names of the actions that somebody may use on rows of a kind."""
    request = RequestFactory().get("/")
    request.user = User.objects.get(pk=client.session["_auth_user_id"])
    return set(admin.site.get_model_admin(model).get_actions(request))


def act(client: Client, model: type[Model], action: str) -> set[str]:
    """Try an action on all rows of a kind; return the tables that it wrote to."""
    url = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
    chosen = {"action": action, "_selected_action": list(model._default_manager.values_list("pk", flat=True))}
    return ask(client, "post", url, chosen | {"post": "yes"})[1]


def test_what_the_actions_do_would_be_seen(people: People) -> None:
    services.add_shipped()  # models of the world have no files to compress
    assert "devices_compression" in act(people.only("devices.add_compression"), StoredModel, "compress_to_int8")
