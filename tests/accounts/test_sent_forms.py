"""A form that is sent twice is done once."""

import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.test import Client, RequestFactory

from accounts import sent_forms
from accounts.models import SentForm, User

ADD = "/admin/auth/group/add/"


def token(client: Client, address: str = ADD) -> str:
    """The token of a form that is shown again."""
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get(address).content.decode())
    assert found is not None
    return found[1]


@pytest.fixture
def browser(admin_user: User) -> Client:
    """One that checks tokens, with an administrator signed in."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)
    return client


@pytest.mark.django_db
def test_a_second_click_gets_the_answer_of_the_first(browser: Client) -> None:
    form = {"name": "teachers", "csrfmiddlewaretoken": token(browser)}
    first, second = browser.post(ADD, form), browser.post(ADD, form)
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert Group.objects.filter(name="teachers").count() == 1
    assert browser.post(ADD, form | {"name": "pupils"}).status_code == 302
    again = browser.post(ADD, {"name": "teachers", "csrfmiddlewaretoken": token(browser)})
    assert "already exists" in again.content.decode()
    assert Group.objects.filter(name__in=("teachers", "pupils")).count() == 2


@pytest.mark.django_db
def test_a_form_that_was_refused_may_be_sent_again(browser: Client) -> None:
    Group.objects.create(name="teachers")
    form = {"name": "teachers", "csrfmiddlewaretoken": token(browser)}
    assert browser.post(ADD, form).status_code == 200
    Group.objects.all().delete()
    assert browser.post(ADD, form).status_code == 302
    assert SentForm.objects.count() == 1


def sent(user: User) -> HttpRequest:
    """A form as it is sent."""
    request = RequestFactory().post("/x/", {"csrfmiddlewaretoken": "t", "a": "1"})
    request.user = user
    return request


def closing(do: Callable[[], HttpResponse]) -> HttpResponse:
    """Do it in a thread that leaves no connection."""
    try:
        return do()
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_the_second_waits_for_the_first(admin_user: User) -> None:
    begun, goes_on, done = threading.Event(), threading.Event(), []

    def view(request: HttpRequest) -> HttpResponse:
        begun.set()
        assert goes_on.wait(60)
        done.append(request)
        return HttpResponseRedirect("/made/1/")

    middleware = sent_forms.SentFormMiddleware(view)
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(closing, lambda: middleware(sent(admin_user)))
        assert begun.wait(60)
        second = threads.submit(closing, lambda: middleware(sent(admin_user)))
        goes_on.set()
        assert {first.result()["Location"], second.result()["Location"]} == {"/made/1/"}
    assert len(done) == 1


@pytest.mark.django_db
def test_one_that_takes_long_is_not_done_again(admin_user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sent_forms, "WAIT_SECONDS", -1.0)
    request = sent(admin_user)
    SentForm.objects.create(key=sent_forms.key_of(request) or "")
    answer = sent_forms.SentFormMiddleware(lambda _request: HttpResponse("done again"))(request)
    assert answer.status_code == 409
    assert "already sent" in answer.content.decode()


@pytest.mark.django_db
def test_after_a_fault_it_may_be_sent_again_and_old_ones_are_forgotten(
    admin_user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(request: HttpRequest) -> HttpResponse:
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        sent_forms.SentFormMiddleware(fails)(sent(admin_user))
    assert not SentForm.objects.exists()
    middleware = sent_forms.SentFormMiddleware(lambda _request: HttpResponseRedirect("/made/"))
    middleware(sent(admin_user))
    monkeypatch.setattr(sent_forms, "KEPT", -sent_forms.KEPT)
    other = sent(admin_user)
    other.path = "/y/"
    middleware(other)
    assert SentForm.objects.count() == 1
