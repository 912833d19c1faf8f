"""The second factor: turned on, asked for wherever one signs in, used once, guessed in vain, demanded, lost."""

import re
import time

import pytest
from axes.models import AccessAttempt
from django.core.management import CommandError, call_command
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import Settings
from time_machine import TimeMachineFixture

from accounts import second_factor
from accounts.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"
SIGN_INS = ("/account/sign-in/", "/admin/login/")


@pytest.fixture(autouse=True)
def now(db: None, time_machine: TimeMachineFixture) -> TimeMachineFixture:
    """A clock that moves when it is told to."""
    time_machine.move_to(1_800_000_000, tick=False)
    return time_machine


@pytest.fixture
def head() -> User:
    """An administrator."""
    return User.objects.create_superuser("head", password=PASSWORD)


def code_of(user: User) -> str:
    return f"{totp(TOTPDevice.objects.get(user=user).bin_key, t0=0):06}"


def typed(client: Client, address: str = SIGN_INS[0]) -> str:
    """Type the password; return where it led."""
    sent = {"username": "head", "password": PASSWORD, "next": "/runs/"}
    return client.post(address, sent).headers.get("Location", "")


def is_signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def turned_on(head: User) -> tuple[Client, list[str]]:
    """Turn it on by the page; return who did, and the recovery codes."""
    client = Client()
    client.force_login(head)
    page = client.get("/account/second-factor/")
    key = re.search(r'name="key" value="([^"]+)"', page.content.decode())
    assert key is not None
    secret = second_factor.offered(head, key[1]).bin_key
    sent = {"key": key[1], "password": PASSWORD, "code": "000000"}
    assert client.post("/account/second-factor/", sent).status_code == 422
    assert not second_factor.is_on(head)
    answer = client.post("/account/second-factor/", sent | {"code": f"{totp(secret):06}"})
    assert second_factor.is_on(head), answer.content.decode()
    return client, re.findall(r'<code class="code">(\w{5}-\w{5})</code>', answer.content.decode())


@pytest.mark.parametrize("address", SIGN_INS)
def test_a_code_is_asked_for_after_the_password_and_is_right_once(
    head: User, now: TimeMachineFixture, address: str
) -> None:
    here, _codes = turned_on(head)
    assert is_signed_in(here)
    now.shift(60)
    for is_let_in in (True, False):
        client = Client()
        where = typed(client, address)
        assert where == "/account/sign-in/code/?next=%2Fruns%2F"
        assert not is_signed_in(client)
        answer = client.post(where, {"code": code_of(head), "next": "/runs/"})
        assert (answer.headers.get("Location") == "/runs/", is_signed_in(client)) == (is_let_in, is_let_in)


def test_turning_it_on_signs_out_whoever_is_elsewhere_and_asks_for_the_password(head: User) -> None:
    elsewhere = Client()
    elsewhere.force_login(head)
    turned_on(head)
    assert not is_signed_in(elsewhere)
    User.objects.create_user("anna", password=PASSWORD)
    client = Client()
    client.force_login(User.objects.get(username="anna"))
    key = second_factor.offer(User.objects.get(username="anna"))
    secret = second_factor.offered(User.objects.get(username="anna"), key).bin_key
    sent = {"key": key, "password": "guess", "code": f"{totp(secret):06}"}
    assert client.post("/account/second-factor/", sent).status_code == 422
    assert client.post("/account/second-factor/", sent | {"key": second_factor.offer(head)}).status_code == 302
    assert not second_factor.is_on(client.session["_auth_user_id"])


def test_a_recovery_code_lets_in_once_and_is_kept_as_a_hash(head: User, now: TimeMachineFixture) -> None:
    _client, codes = turned_on(head)
    assert len(set(codes)) == second_factor.RECOVERY_CODES
    assert not {code.replace("-", "") for code in codes} & set(StaticToken.objects.values_list("token", flat=True))
    for is_let_in in (True, False):
        client = Client()
        client.post(typed(client), {"code": f" {codes[0].lower()} "})
        assert is_signed_in(client) == is_let_in
    assert second_factor.codes_left(head) == second_factor.RECOVERY_CODES - 1


def test_wrong_codes_lock_out_as_wrong_passwords_do(head: User, now: TimeMachineFixture, settings: Settings) -> None:
    settings.AXES_FAILURE_LIMIT = 3
    turned_on(head)
    AccessAttempt.objects.all().delete()
    client = Client()
    where = typed(client)
    statuses = []
    for number in range(4):
        now.shift(60)
        statuses.append(client.post(where, {"code": f"{(int(code_of(head)) + 1 + number) % 1_000_000:06}"}).status_code)
    assert statuses == [200, 200, 429, 429]
    now.shift(60)
    assert client.post(where, {"code": code_of(head)}).status_code == 429
    assert not is_signed_in(client)
    assert not any(code_of(head) in row.post_data for row in AccessAttempt.objects.all())


def test_guesses_from_everywhere_have_to_wait_longer_each_time(head: User, now: TimeMachineFixture) -> None:
    """The lock-out knows addresses; whoever has many of them is slowed down by the device's own."""
    turned_on(head)
    now.shift(60)
    for number in range(5):
        client = Client(REMOTE_ADDR=f"10.0.0.{number}")
        client.post(typed(client), {"code": "000000"})
    client = Client(REMOTE_ADDR="10.0.1.1")
    client.post(where := typed(client), {"code": code_of(head)})
    assert not is_signed_in(client)
    now.shift(60)
    client.post(where, {"code": code_of(head)})
    assert is_signed_in(client)


def test_a_password_that_was_right_too_long_ago_or_is_another_by_now_is_typed_again(
    head: User, now: TimeMachineFixture
) -> None:
    turned_on(head)
    late, changed = Client(), Client()
    where = typed(late)
    now.shift(601)
    assert late.post(where, {"code": code_of(head)})["Location"] == "/account/sign-in/"
    where = typed(changed)
    head.set_password("another long password")
    head.save()
    assert changed.post(where, {"code": code_of(head)})["Location"] == "/account/sign-in/"


def test_with_a_code_it_is_turned_off_and_recovery_codes_are_made_anew(head: User, now: TimeMachineFixture) -> None:
    client, codes = turned_on(head)
    now.shift(60)
    answer = client.post("/account/second-factor/", {"code": code_of(head), "new_codes": "1"})
    anew = re.findall(r'<code class="code">(\w{5}-\w{5})</code>', answer.content.decode())
    assert len(anew) == second_factor.RECOVERY_CODES
    assert not set(anew) & set(codes)
    assert client.post("/account/second-factor/", {"code": codes[0], "turn_off": "1"}).status_code == 422
    now.shift(60)
    assert client.post("/account/second-factor/", {"code": anew[0], "turn_off": "1"}).status_code == 302
    assert typed(Client()) == "/runs/"


def test_the_site_may_demand_it_of_administrators(head: User, now: TimeMachineFixture, settings: Settings) -> None:
    settings.PROPIS_SECOND_FACTOR = second_factor.ADMINISTRATORS
    client = Client()
    assert typed(client) == "/runs/"
    for address in ("/runs/", "/admin/", "/account/"):
        assert client.get(address)["Location"] == "/account/second-factor/"
    assert client.post("/account/tokens/", {"name": "x", "scope": "read"}).status_code == 403
    client, _codes = turned_on(head)
    assert client.get("/admin/").status_code == 200
    now.shift(60)
    assert client.post("/account/second-factor/", {"code": code_of(head), "turn_off": "1"}).status_code == 422
    assert second_factor.is_on(head)
    trainer = Client()
    trainer.force_login(User.objects.create_user("anna"))
    assert trainer.get("/account/").status_code == 200


def test_a_command_helps_who_has_lost_it(head: User) -> None:
    client, _codes = turned_on(head)
    call_command("remove_second_factor", "head")
    assert not is_signed_in(client)
    assert typed(Client()) == "/runs/"
    for name in ("head", "nobody"):
        with pytest.raises(CommandError):
            call_command("remove_second_factor", name)


def test_the_export_of_ones_data_has_no_key(head: User) -> None:
    client, _codes = turned_on(head)
    key = TOTPDevice.objects.get().key
    text = client.get("/account/export/").content.decode()
    assert "otp_totp.totpdevice" in text
    assert key not in text
    assert time.time() == 1_800_000_000
