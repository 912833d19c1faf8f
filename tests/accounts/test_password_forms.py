"""Every form that looks at a password is limited, wherever it is: addresses come from the resolver."""

import re
from typing import Any

import pytest
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from tests import world
from tests.addresses import Address, addresses
from training.jobs.lifecycle import waking

PASSWORD, GUESS = "a long enough password", "a wrong guess"
LOOK_AT_PASSWORDS = {
    "account:sign_in", "admin:login", "account:password", "account:delete", "account:second_factor",
}  # fmt: skip
FIELDS = re.compile(r'<input[^>]*type="password"[^>]*>')
KEY = re.compile(r'name="key" value="([^"]+)"')
NAME = re.compile(r'name="([^"]+)"')


@pytest.mark.processor_seconds(180)
def test_whoever_is_locked_out_has_no_password_looked_at_anywhere(
    db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waking, "wake", lambda kind: None)
    world.build(world.SMALL)
    settings.AXES_FAILURE_LIMIT = 1000
    looked: list[str] = []
    check = AbstractBaseUser.check_password

    def seen(user: Any, raw: str) -> bool:
        looked.append(raw)
        return check(user, raw)

    monkeypatch.setattr(AbstractBaseUser, "check_password", seen)
    User.objects.create_superuser("head", password=PASSWORD)
    asked = {address.name for address in addresses() if _looks(address, looked)}
    assert asked == LOOK_AT_PASSWORDS

    settings.AXES_FAILURE_LIMIT = 1
    Client().post("/account/sign-in/", {"username": "head", "password": GUESS})
    unlimited = [address.name for address in addresses() if address.name in asked and _looks(address, looked)]
    assert not unlimited


def _looks(address: Address, looked: list[str]) -> bool:
    """Whether something that is sent there, by who is signed in or by a visitor, is compared with a password."""
    known, visitor = Client(raise_request_exception=False), Client(raise_request_exception=False)
    known.force_login(User.objects.get(username="head"))
    return any(_compares(client, address.to_a_row(), looked) for client in (known, visitor))


def _compares(client: Client, url: str, looked: list[str]) -> bool:
    """Whether a password is looked at when all fields of the page at an address are sent; what it did is undone."""
    with transaction.atomic():
        answer = client.get(url)
        page = "" if answer.streaming else answer.content.decode(errors="replace")
        fields = [found[1] for each in FIELDS.findall(page) if (found := NAME.search(each))]
        key = KEY.search(page)
        looked.clear()
        sent = dict.fromkeys(["password", "old_password", *fields], GUESS)
        client.post(url, sent | {"username": "head", "code": "000000", "key": key[1] if key else ""})
        transaction.set_rollback(True)
    return GUESS in looked
