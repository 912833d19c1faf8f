"""Who did what is written down: with who, when and how it was answered; it grows old and nobody changes it."""

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone, translation

from accounts import audit
from accounts.audit_words import in_words
from accounts.models import AuditEntry, User
from recognizer.donations import services as donations
from recognizer.models import Drawing
from tests import world
from training.jobs.lifecycle import waking
from training.runs.models import Run
from training.sweeps.models import Sweep

pytestmark = pytest.mark.django_db
PASSWORD = "a long password"


@pytest.fixture(autouse=True)
def rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """A row of every kind, no message to a broker, nothing written down yet."""
    monkeypatch.setattr(waking, "wake", lambda kind: None)
    world.build(world.SMALL)
    AuditEntry.objects.all().delete()


@pytest.fixture
def head(client: Client) -> Client:
    """An administrator who has just signed in by the form."""
    User.objects.create_superuser("head", password=PASSWORD)
    client.post("/admin/login/", {"username": "head", "password": PASSWORD, "next": "/admin/"})
    return client


def told() -> list[tuple[str, str, str, int | None]]:
    """What was written down, the oldest first."""
    return list(AuditEntry.objects.order_by("pk").values_list("name", "what", "path", "status"))


def test_who_comes_and_goes(head: Client) -> None:
    head.post("/admin/logout/")
    assert told() == [("head", "log-in", "/admin/login/", None), ("head", "log-out", "/admin/logout/", None)]
    assert AuditEntry.objects.first().address == "127.0.0.1"  # type: ignore[union-attr]


def test_a_lock_out(client: Client) -> None:
    for _ in range(12):
        client.post("/admin/login/", {"username": "head", "password": "wrong", "next": "/admin/"})
    assert AuditEntry.objects.filter(what="lock-out", name="head", person=None).exists()
    assert not AuditEntry.objects.exclude(what="lock-out").exists()


def test_what_is_sent_is_written_down_and_what_is_looked_at_is_not(head: Client) -> None:
    AuditEntry.objects.all().delete()
    sweep, run = Sweep.objects.get(), Run.objects.order_by("pk")[0]
    head.get("/runs/")
    head.post(f"/sweeps/{sweep.pk}/stop/")
    head.post(f"/runs/{run.pk}/cancel/")
    head.post("/admin/keeping/backup/add/", {"note": "before the holidays"})
    head.post("/api/input", b"{}", content_type="application/json")
    head.post("/i18n/setlang/", {"language": "ru"})
    assert [what for _name, what, _path, _status in told()] == ["sweeps:stop", "runs:act", "admin:keeping_backup_add"]
    assert all(name == "head" and status == 302 for name, _what, _path, status in told())


def test_an_action_of_the_admin_names_its_rows(head: Client) -> None:
    keys = [str(key) for key in Drawing.objects.values_list("pk", flat=True)]
    head.post("/admin/recognizer/drawing/", {"action": "delete_selected", "_selected_action": keys, "post": "yes"})
    entry = AuditEntry.objects.get(what="admin:recognizer_drawing_changelist")
    assert entry.details == f"delete_selected: {', '.join(keys)}"
    assert not Drawing.objects.exists()


def test_who_may_not_is_written_down_too(client: Client) -> None:
    client.force_login(User.objects.create_user("clerk", is_staff=True))
    client.post("/models/1/put-in-service/")
    assert [(name, status) for name, what, _path, status in told() if what != "log-in"] in ([("clerk", 403)], [])


def test_a_visitor_who_deletes_drawings_has_no_address_in_it(client: Client) -> None:
    client.post("/drawings/delete/", {"code": "no such code"})  # refused, as often as somebody likes
    assert not AuditEntry.objects.exists()
    _drawing, code = donations.keep([[[0, 0], [1, 1]]], "Х")
    client.post("/drawings/delete/", {"code": code})
    client.post("/api/nearest", b"{}", content_type="application/json")
    entry = AuditEntry.objects.get()
    assert (entry.what, entry.name, entry.address, entry.person) == ("recognizer:delete_drawings", "", "", None)


def test_a_name_stays_when_the_person_is_deleted(head: Client) -> None:
    User.objects.get(username="head").delete()
    assert AuditEntry.objects.filter(name="head", person=None).count() == 1


def test_a_database_that_does_not_answer_costs_the_entry_alone(head: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_kwargs: object) -> None:
        raise DatabaseError("away")

    monkeypatch.setattr(AuditEntry, "save", fail)
    assert head.post(f"/sweeps/{Sweep.objects.get().pk}/stop/").status_code == 302


def test_old_entries_go() -> None:
    now = timezone.now()
    for days in (1, 364, 366, 900):
        AuditEntry.objects.create(what="log-in", at=now - timedelta(days=days))
    assert audit.forget_old() == 2
    assert AuditEntry.objects.count() == 2


def test_nobody_changes_an_entry_and_its_list_is_in_words(head: Client) -> None:
    entry = AuditEntry.objects.get()
    page = head.get("/admin/accounts/auditentry/").text
    assert "signed in" in page
    assert head.post(f"/admin/accounts/auditentry/{entry.pk}/delete/", {"post": "yes"}).status_code == 403
    assert head.post(f"/admin/accounts/auditentry/{entry.pk}/change/", {"name": "another"}).status_code == 403
    assert head.get("/admin/accounts/auditentry/add/").status_code == 403


def test_words() -> None:
    assert in_words("admin:runs_run_add") == "added: run"
    assert in_words("admin:gone_thing_add") == "admin:gone_thing_add"
    assert in_words("cleaning:decide") == "cleaning:decide"
    with translation.override("ru"):
        assert in_words("log-in") == "вход"
