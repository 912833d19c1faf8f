"""A class joins by a code: a name and a password, until the end, and no more than there are places."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts import joining
from accounts.models import JoinCode, User
from accounts.roles import TRAINER, VIEWER

pytestmark = pytest.mark.django_db
PASSWORD = "quite a long password"


@pytest.fixture
def code() -> JoinCode:
    """For two trainers."""
    return joining.make_code(role=TRAINER, places=2, days=1, by=None)


def join(code: JoinCode | str, name: str) -> tuple[Client, int]:
    client = Client()
    sent = {"username": name, "password1": PASSWORD, "password2": PASSWORD}
    return client, client.post(f"/join/{code}/", sent).status_code


def groups(name: str) -> list[str]:
    return list(User.objects.get(username=name).groups.values_list("name", flat=True))


def test_who_joins_is_signed_in_as_a_trainer_and_no_more_than_the_places(code: JoinCode) -> None:
    client, status = join(code, "Аня")
    assert status == 302
    assert client.get("/runs/new/").status_code == 200
    assert client.get("/admin/").status_code == 302
    assert groups("Аня") == [TRAINER]
    assert join(code, "Аня")[1] == 422
    assert join(code, "boris")[1] == 302
    assert join(code, "viktor")[1] == 403
    assert User.objects.filter(joined_by=code).count() == 2
    assert not User.objects.filter(is_staff=True).exists()


def test_a_code_is_typed_as_people_type(code: JoinCode) -> None:
    typed = code.code.lower().replace("-", " ")
    assert Client().get("/join/", {"code": typed})["Location"] == code.get_absolute_url()
    assert Client().get("/join/").status_code == 200
    assert Client().get("/join/", {"code": "ZZZZ-ZZZZ"}).status_code == 404


def test_guesses_are_few(code: JoinCode, settings: Settings) -> None:
    settings.PROPIS_LIMITS = {**settings.PROPIS_LIMITS, "join_rate": "3/h"}
    visitor = {"REMOTE_ADDR": "203.0.113.77"}
    tries = [Client().get(f"/join/AAAA-AAA{letter}/", **visitor).status_code for letter in "ABCDE"]  # type: ignore[arg-type]
    assert tries[0] == 404
    assert tries[-1] == 429
    assert Client().get(code.get_absolute_url(), **visitor).status_code == 200  # type: ignore[arg-type]


def test_after_the_end_a_trainer_is_a_viewer_who_can_still_sign_in(code: JoinCode) -> None:
    client, _status = join(code, "anna")
    JoinCode.objects.update(ends_at=timezone.now() - timedelta(minutes=1))
    User.objects.update(member_until=timezone.now() - timedelta(minutes=1))
    joining.end_memberships()
    assert groups("anna") == [VIEWER]
    assert client.get("/account/").status_code == 200
    assert client.get("/runs/new/").status_code == 403
    assert join(code, "boris")[1] == 403
    again = Client().post("/account/sign-in/", {"username": "anna", "password": PASSWORD})
    assert again.status_code == 302


def test_an_administrator_makes_a_code_sees_who_joined_and_closes_it(admin_client: Client) -> None:
    form = {"role": TRAINER, "places": 3, "days": 7}
    assert admin_client.post("/account/codes/", form | {"places": 0}).status_code == 422
    admin_client.post("/account/codes/", form)
    code = JoinCode.objects.get()
    pupil, status = join(code, "anna")
    assert status == 302
    page = admin_client.get("/account/codes/").content.decode()
    assert code.code in page
    assert "anna" in page
    assert pupil.get("/account/codes/").status_code == 403
    admin_client.post(f"/account/codes/{code}/close/")
    assert join(code, "boris")[1] == 403
    assert groups("anna") == [TRAINER]
    admin_client.post(f"/account/codes/{code}/end/")
    assert groups("anna") == [VIEWER]


def test_who_is_signed_in_is_asked_to_sign_out_first(code: JoinCode, admin_client: Client) -> None:
    answer = admin_client.get(code.get_absolute_url())
    assert answer.status_code == 409
    assert "sign out first" in answer.content.decode()
