"""Tokens of programs: scoped, revocable, kept as hashes; and what is closed to visitors, over the resolver."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts import closed, tokens
from accounts.models import ApiToken, User
from accounts.roles import TRAINER, VIEWER
from tests import world
from tests.addresses import addresses
from tests.hwrsite.rights.people import People
from tests.hwrsite.rights.rules import ANYBODY, rule_of
from training.runs.models import Run

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> User:
    """A trainer."""
    user = User.objects.create_user("anna")
    user.groups.add(Group.objects.get(name=TRAINER))
    return user


def bearing(token: str) -> Client:
    return Client(headers={"authorization": f"Bearer {token}"}, enforce_csrf_checks=True)


def test_a_token_is_shown_once_and_kept_as_a_hash(anna: User) -> None:
    client = Client()
    client.force_login(anna)
    page = client.post("/account/tokens/", {"name": "notebook", "scope": "read"}).content.decode()
    token = page.partition(tokens.KIND)[2].partition("<")[0]
    row = ApiToken.objects.get()
    assert len(row.token_sha256) == 64
    assert token not in client.get("/account/").content.decode()
    assert bearing(tokens.KIND + token).get("/runs/runs.json").status_code == 200
    row.refresh_from_db()
    assert row.used_at is not None
    client.post(f"/account/tokens/{row.pk}/")
    refused = bearing(tokens.KIND + token).get("/runs/runs.json")
    assert (refused.status_code, refused["WWW-Authenticate"]) == (401, "Bearer")
    assert "revoked" in refused.json()["error"]


def test_a_scope_says_what_a_token_may(anna: User) -> None:
    world.build(world.SMALL)
    Run.objects.update(created_by=anna, state="queued")
    run = Run.objects.earliest("pk")
    read, train = (bearing(tokens.make(anna, name=scope, scope=scope)) for scope in ("read", "train"))
    cancel = f"/runs/{run.pk}/cancel/"
    assert read.post(cancel).status_code == 403
    assert "scope" in read.post(cancel).json()["error"]
    assert train.post(cancel).status_code == 302
    refused = train.post("/runs/new/", {"preset": "nothing"})
    assert refused.status_code == 422
    assert "datasets" in refused.json()["error"]
    for address in ("/admin/", "/account/", "/account/export/", "/account/delete/"):
        assert train.get(address).status_code == 403
    assert train.post("/account/tokens/", {"name": "more", "scope": "train"}).status_code == 403
    assert train.post(f"/models/{run.stored_model_id}/put-in-service/").status_code == 403


def test_tokens_of_who_is_gone_or_not_active_are_refused(anna: User) -> None:
    client = bearing(tokens.make(anna, name="x", scope="read"))
    User.objects.update(is_active=False)
    assert client.get("/runs/").status_code == 401
    assert bearing("propis_nonsense").get("/runs/").status_code == 401
    assert bearing("").get("/runs/").status_code == 401


def test_nobody_has_tokens_without_end(anna: User) -> None:
    for number in range(tokens.MOST):
        tokens.make(anna, name=str(number), scope="read")
    with pytest.raises(tokens.TooManyTokensError):
        tokens.make(anna, name="more", scope="read")


STAYS_OPEN = {
    closed.WORK: ("recognizer", "copybook", "learn", "api"),
    closed.ALL: (),
}
"""Sections whose addresses stay open, but for those of models."""
OF_MODELS = ("recognizer:index", "recognizer:detail", "recognizer:download")
BY_THEMSELVES = (
    "account:sign_in", "account:join", "account:join_code", "account:sign_out", "healthz", "set_language",
    "devices:invitation", "devices:agent-script", "devices:agent-archive", "recognizer:service_worker",
    "recognizer:manifest", "recognizer:privacy", "admin:login",
)  # fmt: skip
"""What a visitor may look at whatever is closed."""


@pytest.mark.processor_seconds(180)
@pytest.mark.parametrize("setting", [closed.WORK, closed.ALL])
def test_what_is_closed_to_visitors_over_every_address(setting: str, settings: Settings, tmp_path: Any) -> None:
    """Where nothing is closed, tests/hwrsite/rights has who may look at what."""
    settings.PROPIS_VAR, settings.PROPIS_SIGN_IN_TO_SEE = tmp_path, setting
    world.build(world.SMALL)
    people = People()
    wrong = []
    for address in addresses():
        rule = rule_of(address.name)
        if rule.look != ANYBODY or address.name.startswith("agent:"):
            continue
        is_open = address.section in STAYS_OPEN[setting] and address.name not in OF_MODELS
        is_open |= address.name in BY_THEMSELVES
        answer = people.visitor().get(address.to_a_row())
        led = answer.headers.get("Location", "").startswith("/account/sign-in/")
        if is_open == (led or answer.status_code in (401, 403)):
            wrong.append(f"{address.name}: a visitor gets {answer.status_code}")
        if not is_open and people.member(VIEWER).get(address.to_a_row()).status_code in (401, 403):
            wrong.append(f"{address.name}: a viewer is refused")
    assert not wrong, "\n".join(wrong)


def test_who_has_no_role_is_refused_where_the_work_is_closed(settings: Settings) -> None:
    settings.PROPIS_SIGN_IN_TO_SEE = closed.ALL
    client = Client()
    client.force_login(User.objects.create_user("nobody"))
    assert client.get("/runs/").status_code == 403
    assert client.get("/account/").status_code == 200
    sent = Client().post("/api/recognize", {"strokes": []}, content_type="application/json")
    assert (sent.status_code, sent.json()) == (401, {"error": "Sign in, or send a token."})


def test_a_token_opens_what_is_closed(anna: User, settings: Settings) -> None:
    settings.PROPIS_SIGN_IN_TO_SEE = closed.ALL
    reading = bearing(tokens.make(anna, name="x", scope="read"))
    assert reading.get("/runs/runs.json").status_code == 200
    assert reading.post("/api/recognize", {"strokes": []}, content_type="application/json").status_code == 422
    ApiToken.objects.update(used_at=timezone.now() - timedelta(days=1))
    reading.get("/runs/runs.json")
    assert ApiToken.objects.filter(used_at__gt=timezone.now() - timedelta(minutes=1)).exists()
