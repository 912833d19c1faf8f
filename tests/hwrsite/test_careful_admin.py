"""Every page of the admin: what somebody else did meanwhile is not overwritten, and what is odd is said in words."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.messages import get_messages
from django.test import Client, RequestFactory
from django.urls import reverse

import hwrsite.urls  # noqa: F401  # registers everything
from accounts.careful_admin import CHANGED_MEANWHILE, CarefulAdmin
from accounts.models import User
from recognizer.models import Drawing, Review, StoredModel
from tests import world

pytestmark = pytest.mark.django_db
REGISTERED: list[Any] = sorted(admin.site._registry.values(), key=lambda each: each.opts.label)
DRAWINGS = "/admin/recognizer/drawing/"


@pytest.fixture
def head() -> Client:
    """An administrator, in a world with a row of every kind."""
    world.build(world.SMALL)
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create_superuser("head", "head@example.org", "a long password"))
    return client


def address(each: Any, page: str, *rows: Any) -> str:
    return reverse(f"admin:{each.opts.app_label}_{each.opts.model_name}_{page}", args=rows)


def may_be_changed(each: Any) -> bool:
    request = RequestFactory().get("/")
    request.user = User.objects.get(username="head")
    row = each.model._default_manager.first()
    return row is not None and each.has_change_permission(request, row)


def test_every_admin_is_a_careful_one() -> None:
    assert [each.opts.label for each in REGISTERED if not isinstance(each, CarefulAdmin)] == []


def test_a_form_that_was_open_while_somebody_saved_overwrites_nothing(head: Client) -> None:
    tried = set()
    for each in filter(may_be_changed, REGISTERED):
        row = each.model._default_manager.first()
        url = address(each, "change", row.pk)
        form = head.get(url).context["adminform"].form
        if not form.fields:
            continue
        assert f'name="seen" value="{form.seen}"' in head.get(url).text, url
        before = each.model._default_manager.filter(pk=row.pk).values().get()
        assert str(CHANGED_MEANWHILE) in head.post(url, {"seen": "0" * 64}).text, url
        assert each.model._default_manager.filter(pk=row.pk).values().get() == before, url
        assert str(CHANGED_MEANWHILE) not in head.post(url, {"seen": form.seen}).text, url
        tried.add(each.model._meta.label)
    assert {"recognizer.Drawing", "recognizer.StoredModel", "datasets.Dataset", "accounts.User"} <= tried


def test_two_who_change_a_drawing(head: Client) -> None:
    drawing = Drawing.objects.filter(state=Review.PENDING).first()
    assert drawing is not None
    url = f"{DRAWINGS}{drawing.pk}/change/"
    shown = {"letter": drawing.letter, "state": drawing.state, "seen": head.get(url).context["adminform"].form.seen}
    assert head.post(url, shown | {"state": Review.ACCEPTED}).status_code == 302
    assert str(CHANGED_MEANWHILE) in head.post(url, shown | {"letter": "П"}).text
    drawing.refresh_from_db()
    assert (drawing.state, drawing.letter) == (Review.ACCEPTED, shown["letter"])


def sent_list(drawings: list[Drawing], **changed: str) -> dict[str, str]:
    """What the list of drawings sends when it is saved; `changed` by the number of a drawing in it."""
    rows = {"form-TOTAL_FORMS": str(len(drawings)), "form-INITIAL_FORMS": str(len(drawings)), "_save": "Save"}
    for number, drawing in enumerate(drawings):
        rows |= {f"form-{number}-id": str(drawing.pk), f"initial-form-{number}-letter": drawing.letter}
        rows[f"form-{number}-letter"] = changed.get(f"_{number}", drawing.letter)
    return rows


def test_a_list_saves_what_was_changed_in_it_and_not_what_somebody_else_did(head: Client) -> None:
    drawings = list(Drawing.objects.order_by("-pk")[:3])
    Drawing.objects.filter(pk=drawings[0].pk).update(letter="Щ")
    assert 'name="initial-form-0-letter"' in head.get(DRAWINGS).text
    assert head.post(DRAWINGS, sent_list(drawings, _1="Ю")).status_code == 302
    assert [Drawing.objects.get(pk=each.pk).letter for each in drawings[:2]] == ["Щ", "Ю"]
    refused = head.post(DRAWINGS, sent_list(drawings, _0="Э"))
    assert "Somebody else has changed this letter to Щ meanwhile." in refused.text
    assert Drawing.objects.get(pk=drawings[0].pk).letter == "Щ"


def test_a_list_in_which_a_row_was_deleted_meanwhile_saves_the_others(head: Client) -> None:
    drawings = list(Drawing.objects.order_by("-pk")[:3])
    Drawing.objects.filter(pk=drawings[0].pk).delete()
    answer = head.post(DRAWINGS, sent_list(drawings, _1="Ю"), follow=True)
    assert f"{drawings[0].pk} was deleted meanwhile." in answer.text
    assert Drawing.objects.get(pk=drawings[1].pk).letter == "Ю"


@pytest.mark.parametrize("strange", ["abc", "", "9" * 30, "1e3", "-1"])
def test_an_action_on_what_is_no_row_is_no_fault(head: Client, strange: str) -> None:
    request = RequestFactory().get("/")
    request.user = User.objects.get(username="head")
    for each in REGISTERED:
        for action in each.get_actions(request):
            url = address(each, "changelist")
            answer = head.post(url, {"action": action, ACTION_CHECKBOX_NAME: strange})
            assert answer.status_code in (302, 200), (url, action)
    assert head.get("/admin/").status_code == 200


def test_a_name_is_one_line(head: Client) -> None:
    model = StoredModel.objects.first()
    assert model is not None
    url = f"/admin/recognizer/storedmodel/{model.pk}/change/"
    assert "This must be one line." in head.post(url, {"name": "a\nb"}).text
    assert StoredModel.objects.get(pk=model.pk).name == model.name
    assert not list(get_messages(head.get(url).wsgi_request))
