"""Where somebody is signed in: which browser, since when; and signing out there.

A session that somebody signed in by is noted here, so that its owner finds it among all sessions of the table. That
nobody stays signed in elsewhere does not hang on this list: it changes what each session is held to
(`User.session_epoch`), those that are not listed included.
"""

from typing import Any

from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import SignIn, User

BROWSERS = ("Edg", "OPR", "YaBrowser", "SamsungBrowser", "Firefox", "Chrome", "Safari")
NAMES = {"Edg": "Edge", "OPR": "Opera", "YaBrowser": "Yandex", "SamsungBrowser": "Samsung"}
SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "CrOS", "Linux")


def connect() -> None:
    """Note each sign-in."""
    user_logged_in.connect(_came, dispatch_uid="propis-sign-ins")


def _came(request: HttpRequest | None, user: User, **_kwargs: Any) -> None:
    if request is not None and request.META.get("REMOTE_ADDR"):  # who is signed in by a program has no browser
        note(request, user)


def note(request: HttpRequest, user: Any) -> None:
    """Note the session of a request as its user's; the key of one that was signed in again is another."""
    if request.session.session_key is None:
        request.session.save()
    browser = _browser(request.headers.get("User-Agent", ""))
    SignIn.objects.get_or_create(session_key=request.session.session_key, defaults={"user": user, "browser": browser})


def of(user: Any) -> list[SignIn]:
    """Where somebody is signed in, the last first; what has ended is forgotten."""
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    SignIn.objects.filter(user=user).exclude(session_key__in=alive).delete()
    return list(SignIn.objects.filter(user=user))


def end(sign_in: SignIn) -> None:
    """Sign out there."""
    SessionStore(sign_in.session_key).delete()
    sign_in.delete()


def end_others(request: HttpRequest, user: User) -> None:
    """Sign out everywhere but here."""
    end_all(user, but=request.session.session_key)
    keep_here(request, user)


def end_all(user: User, *, but: str | None = None) -> None:
    """Sign out everywhere. One session may be kept by `keep_here` afterwards; it is not forgotten."""
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    user.refresh_from_db()
    for sign_in in SignIn.objects.filter(user=user).exclude(session_key=but):
        end(sign_in)


def keep_here(request: HttpRequest, user: Any) -> None:
    """Stay signed in here, with a new session, after what ends all others has changed."""
    update_session_auth_hash(request, user)
    note(request, user)


def _browser(agent: str) -> str:
    """A browser and its system in two words, of what it says of itself; its version and all else is not kept."""
    browser = next((NAMES.get(name, name) for name in BROWSERS if name in agent), "")
    system = next((name for name in SYSTEMS if name in agent), "")
    return " · ".join(filter(None, (browser, system)))
