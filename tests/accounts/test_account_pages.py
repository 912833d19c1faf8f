"""Pages of the account: signing in, sessions, the password, one's data and the end of it."""

import json

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from pytest_django import Settings

from accounts.models import ApiToken, AuditEntry, SignIn, User
from accounts.roles import TRAINER
from tests import world
from training.runs.models import Run
from training.sweeps.models import Sweep

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"
PHONE = {"HTTP_USER_AGENT": "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"}


@pytest.fixture
def anna() -> User:
    """A trainer."""
    user = User.objects.create_user("anna", password=PASSWORD)
    user.groups.add(Group.objects.get(name=TRAINER))
    return user


def signed_in(**headers: str) -> Client:
    client = Client(**headers)  # type: ignore[arg-type]
    sent = {"username": "anna", "password": PASSWORD}
    assert client.post("/account/sign-in/", sent)["Location"] == "/overview/"
    return client


def is_signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_signing_in_rotates_the_session_and_goes_nowhere_else(anna: User) -> None:
    client = Client()
    session = client.session
    session["kept"] = 1
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = str(before)
    for bad in ("https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil.example"):
        sent = {"username": "anna", "password": PASSWORD, "next": bad}
        assert Client().post("/account/sign-in/", sent)["Location"] == "/overview/"
    answer = client.post("/account/sign-in/", {"username": "anna", "password": PASSWORD, "next": "/runs/?sort=name"})
    assert answer["Location"] == "/runs/?sort=name"
    assert client.session.session_key != before
    assert client.get("/account/sign-out/").status_code == 405
    assert client.post("/account/sign-out/")["Location"] == "/"
    assert not is_signed_in(client)


def test_guesses_are_locked_out_as_at_the_admins_log_in(anna: User, settings: Settings) -> None:
    settings.AXES_FAILURE_LIMIT = 2
    guess = {"username": "anna", "password": "guess"}
    assert [Client().post("/account/sign-in/", guess).status_code for _try in range(3)][-1] == 429
    assert Client().post("/account/sign-in/", guess | {"password": PASSWORD}).status_code == 429
    inside = Client()
    inside.force_login(anna)
    assert inside.post("/account/delete/", {"password": PASSWORD}).status_code == 429
    assert User.objects.filter(username="anna").exists()


def test_sessions_are_listed_and_ended_one_by_one_or_all_others(anna: User) -> None:
    here, phone, third, unlisted = signed_in(), signed_in(**PHONE), signed_in(), signed_in()
    page = here.get("/account/").content.decode()
    assert "Chrome · Android" in page
    of_phone = SignIn.objects.get(browser="Chrome · Android")
    other = Client()
    other.force_login(User.objects.create_user("boris"))
    assert other.post(f"/account/sessions/{of_phone.pk}/").status_code == 404
    assert here.post(f"/account/sessions/{of_phone.pk}/").status_code == 302
    assert [is_signed_in(each) for each in (here, phone, third)] == [True, False, True]
    SignIn.objects.filter(session_key=unlisted.session.session_key).delete()
    here.post("/account/sessions/others/")
    assert [is_signed_in(each) for each in (here, third, unlisted)] == [True, False, False]


def test_another_password_ends_all_other_sessions(anna: User) -> None:
    here, elsewhere = signed_in(), signed_in()
    sent = {"old_password": PASSWORD, "new_password1": "1", "new_password2": "1"}
    assert here.post("/account/password/", sent).status_code == 200
    good = "quite another password"
    sent |= {"new_password1": good, "new_password2": good}
    assert here.post("/account/password/", sent)["Location"] == "/account/"
    assert [is_signed_in(here), is_signed_in(elsewhere)] == [True, False]
    assert anna.check_password(PASSWORD)
    anna.refresh_from_db()
    assert anna.check_password(good)


def test_all_that_names_somebody_is_exported_and_no_secret_is(anna: User) -> None:
    world.build(world.SMALL)
    Run.objects.update(created_by=anna)
    Sweep.objects.update(created_by=anna)
    client = signed_in()
    client.post("/account/tokens/", {"name": "mine", "scope": "train"})
    answer = client.get("/account/export/")
    text = answer.content.decode()
    found = json.loads(text)
    assert "attachment" in answer["Content-Disposition"]
    assert found["name"] == "anna"
    assert found["groups"] == [TRAINER]
    kinds = {"accounts.user", "runs.run", "sweeps.sweep", "accounts.signin", "accounts.apitoken", "accounts.auditentry"}
    assert kinds <= set(found["rows"])
    assert len(found["rows"]["runs.run"]) == Run.objects.count()
    anna.refresh_from_db()
    for secret in (anna.password, ApiToken.objects.get().token_sha256, client.session.session_key):
        assert str(secret) not in text


def test_a_deleted_account_leaves_its_runs_without_an_owner(anna: User) -> None:
    world.build(world.SMALL)
    Run.objects.update(created_by=anna)
    runs = Run.objects.count()
    client = signed_in()
    assert client.post("/account/delete/", {"password": "wrong"}).status_code == 422
    assert client.post("/account/delete/", {"password": PASSWORD})["Location"] == "/"
    assert not User.objects.filter(username="anna").exists()
    assert Run.objects.filter(created_by=None).count() == runs
    assert not SignIn.objects.filter(user__username="anna").exists()
    assert AuditEntry.objects.filter(name="anna", person=None).exists()
    assert not is_signed_in(client)


def test_the_last_administrator_does_not_delete_himself() -> None:
    User.objects.create_superuser("head", password=PASSWORD)
    client = Client()
    client.force_login(User.objects.get(username="head"))
    answer = client.post("/account/delete/", {"password": PASSWORD}, follow=True)
    assert "last administrator" in answer.content.decode()
    assert User.objects.filter(username="head").exists()
