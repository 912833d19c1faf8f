"""Tokens by which programs act for somebody: `Authorization: Bearer …`, with a scope, shown once and kept as a hash.

Two scopes: `read` looks and has letters read, `train` also starts and controls trainings, as far as the person may. No
token opens the admin or the pages of the account, so none makes another.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import codes
from accounts.audit import READS, SAFE
from accounts.models import ApiToken, TokenScope

KIND = "propis_"
"""Every token begins with it, so that one that was left in a file is found."""
USED_EVERY = timedelta(minutes=1)
"""How exactly it is kept when a token was last used."""
OF_OTHERS = ("/api/devices/", "/metrics")
"""Devices have tokens of their own, and so has whoever reads the figures."""
CLOSED = ("admin", "account")
TRAINS = ("runs:new", "runs:act", "sweeps:new", "sweeps:pause", "sweeps:resume", "sweeps:stop", "sweeps:cancel")
"""What the scope `train` may send to, besides what only reads."""
MOST = 20
"""Tokens of one person."""


class TooManyTokensError(Exception):
    """Somebody has as many tokens as one may have."""


def make(user: Any, *, name: str, scope: str) -> str:
    """Make a token; it is shown this once.

    Raises:
        TooManyTokensError: this person has as many as one may have.

    """
    if user.api_tokens.filter(revoked_at=None).count() >= MOST:
        raise TooManyTokensError(_("You have %(count)d tokens: revoke one first.") % {"count": MOST})
    token = KIND + codes.new_token()
    ApiToken.objects.create(user=user, name=name, scope=scope, token_sha256=codes.digest(token))
    return token


def revoke(token: ApiToken) -> None:
    """Refuse it from now on."""
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())


def is_by_token(request: HttpRequest) -> bool:
    """Whether a program sent this with a token."""
    return getattr(request, "api_token", None) is not None


class TokenMiddleware:
    """Lets who sends a token be its person, as far as its scope goes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Stand before the views."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer for the token's person, or refuse in words."""
        kind, _space, token = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer" or request.path.startswith(OF_OTHERS):
            return self.get_response(request)
        found = _found(token.strip())
        if found is None:
            answer: HttpResponse = _refusal(401, _("This token is not known here, or was revoked."))
            answer.headers["WWW-Authenticate"] = "Bearer"
            return answer
        if words := _why_not(request, found):
            return _refusal(403, words)
        request.user = found.user
        request.api_token = found  # type: ignore[attr-defined]
        # No page of another site makes a browser send this header, so there is nothing to forge.
        request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
        return self.get_response(request)


def _found(token: str) -> ApiToken | None:
    row = ApiToken.objects.select_related("user").filter(token_sha256=codes.digest(token), revoked_at=None).first()
    if row is None or not row.user.is_active:
        return None
    now = timezone.now()
    if row.used_at is None or row.used_at < now - USED_EVERY:
        ApiToken.objects.filter(pk=row.pk).update(used_at=now)
    return row


def _why_not(request: HttpRequest, token: ApiToken) -> str:
    """Why a token does not do for a request; empty where it does."""
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return ""
    if match.namespace in CLOSED:
        return _("Tokens do not open this page: sign in with a browser.")
    if request.method in SAFE or match.view_name.startswith(READS):
        return ""
    if token.scope == TokenScope.TRAIN and match.view_name in TRAINS:
        return ""
    return _("This token may not do that: its scope is “%(scope)s”.") % {"scope": token.scope}


def _refusal(status: int, words: str) -> JsonResponse:
    return JsonResponse({"error": words}, status=status, json_dumps_params={"ensure_ascii": False})
