"""A forgotten password: a new one is printed once, and opens the door at once."""

from io import StringIO

import pytest
from axes.models import AccessAttempt
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User

pytestmark = pytest.mark.django_db


def reset(*words: str) -> tuple[str, str]:
    """The name and the password that are printed."""
    output = StringIO()
    call_command("reset_password", *words, stdout=output)
    name, _word, password = output.getvalue().splitlines()[0].split()
    return name, password


def test_the_only_administrator_gets_a_new_one_and_old_sessions_end() -> None:
    User.objects.create_superuser("head", password="forgotten word")
    User.objects.create_user("pupil", password="forgotten word")
    AccessAttempt.objects.create(username="head", ip_address="10.0.0.1", failures_since_start=50)
    elsewhere = Client()
    elsewhere.force_login(User.objects.get(username="head"))

    name, password = reset()

    assert name == "head"
    head = User.objects.get(username="head")
    assert head.check_password(password)
    assert len(password) >= 16
    assert elsewhere.get("/admin/").status_code == 302, "who was signed in is signed out"
    assert not AccessAttempt.objects.exists(), "who has tried too often may try again"
    assert User.objects.get(username="pupil").check_password("forgotten word")


def test_of_several_one_must_be_named() -> None:
    for name in ("head", "deputy"):
        User.objects.create_superuser(name, password="forgotten word")
    with pytest.raises(CommandError, match=r"^Say whose: head, deputy\.$"):
        reset()
    assert reset("deputy")[0] == "deputy"
    with pytest.raises(CommandError, match=r"^Nobody is named boss\. Administrators: head, deputy\.$"):
        reset("boss")


def test_without_an_administrator_it_says_what_makes_one() -> None:
    with pytest.raises(CommandError, match=r"`manage\.py setup` makes one"):
        reset()
