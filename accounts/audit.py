"""Who did what: each thing that somebody who has signed in sends is written down, and who comes, goes or is locked out.

It is written by the address and not by the service behind it, so that a form that is added later needs nothing of its
own. What was sent is not kept but for the keys of rows that an action of the admin was used on.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from axes.signals import user_locked_out
from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import AuditEntry, User
from recognizer.visitors import address_of

logger = logging.getLogger(__name__)
LOG_IN, LOG_OUT, LOCK_OUT = "log-in", "log-out", "lock-out"
SAFE = ("GET", "HEAD", "OPTIONS")
OF_NO_MOMENT = (
    "admin:login",
    "admin:logout",
    "account:sign_in",
    "account:code",
    "account:sign_out",
    "set_language",
    "runs:columns",
)
"""Sent by many, and changes nothing but what the sender sees; log-ins are written down by their signals."""
READS = ("api:read", "api:recogni", "api:find_nearest", "recognizer:paper")
"""Beginnings of addresses that only read letters."""
OF_VISITORS = ("recognizer:delete_drawings", "api:delete")
"""Written down of whoever does them; of a visitor without his address, and nothing that was refused."""


class AuditMiddleware:
    """Writes down what was sent, once it is answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Stand before the views."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then write it down."""
        response = self.get_response(request)
        if request.method not in SAFE and request.resolver_match is not None:
            self._after(request, request.resolver_match.view_name, response.status_code)
        return response

    def _after(self, request: HttpRequest, name: str, status: int) -> None:
        if name in OF_NO_MOMENT or name.startswith(READS):
            return
        if request.user.is_authenticated:
            write(name, request, person=request.user, status=status, details=_details(request))
        elif name in OF_VISITORS and status < 400:
            write(name, None, path=request.path, status=status)


def write(what: str, request: HttpRequest | None, *, person: User | None = None, name: str = "", **more: Any) -> None:
    """Write one entry. A database that does not answer costs the entry, not the request; the log has it then."""
    if request is not None:
        more = {"path": request.path[:200], "address": address_of(request)} | more
    entry = AuditEntry(what=what[:100], person=person, name=(person.get_username() if person else name)[:150], **more)
    try:
        entry.save()
    except DatabaseError as error:
        logger.warning("%s by %s could not be written down: %s", what, entry.name, error)


def forget_old() -> int:
    """Delete entries that are older than `AUDIT_DAYS`; return how many. The clock calls it each period."""
    return AuditEntry.objects.filter(at__lt=timezone.now() - timedelta(days=settings.AUDIT_DAYS)).delete()[0]


def connect() -> None:
    """Listen for who comes, goes and is locked out."""
    user_logged_in.connect(_came, dispatch_uid="propis-audit-in")
    user_logged_out.connect(_went, dispatch_uid="propis-audit-out")
    user_locked_out.connect(_locked_out, dispatch_uid="propis-audit-lock-out")


def _details(request: HttpRequest) -> str:
    """The admin's action and the keys that it was used on."""
    action = request.POST.get("action", "") if request.content_type != "application/json" else ""
    keys = ", ".join(request.POST.getlist("_selected_action")) if action else ""
    return f"{action}: {keys}"[:300] if keys else action[:300]


def _came(request: HttpRequest | None, user: User, **_kwargs: Any) -> None:
    if request is not None and request.META.get("REMOTE_ADDR"):  # who is signed in by a program has no address
        write(LOG_IN, request, person=user)


def _went(request: HttpRequest | None, user: User | None, **_kwargs: Any) -> None:
    if user is not None:
        write(LOG_OUT, request, person=user)


def _locked_out(request: HttpRequest, username: str | None = None, **_kwargs: Any) -> None:
    write(LOCK_OUT, request, name=username or "")
