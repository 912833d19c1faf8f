"""`PROPIS_SIGN_IN_TO_SEE`: what is closed to visitors. Everything is open; or drawing alone; or nothing.

An address that is added later is closed with the rest unless it is named here.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _

from accounts.roles import SEE

OFF, WORK, ALL = "off", "work", "all"
ALWAYS_OPEN = (
    "account:sign_in", "account:code", "account:join", "account:join_code", "admin:", "agent:", "healthz",
    "set_language",
    "devices:invitation", "devices:agent-script", "devices:agent-archive", "recognizer:service_worker",
    "recognizer:manifest", "recognizer:privacy",
)  # fmt: skip
"""Names of addresses, or their beginnings: what asks for a password, a code or a token, and what shows nothing."""
DRAWING = (
    "recognizer:draw", "recognizer:saw", "recognizer:kept_page", "recognizer:glossary", "recognizer:paper",
    "recognizer:about", "recognizer:delete_drawings", "recognizer:weights", "recognizer:lexicon", "api:", "copybook:",
    "learn:",
)  # fmt: skip
"""What stays open where the work is closed: drawing, what it needs, and the pages that teach."""
OWN = ("account:", "overview", "notices")
"""For everybody who is signed in."""


class ClosedMiddleware:
    """Leads a visitor to the log-in where he may not look."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Stand before the views."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Hand on: what is asked for is known in `process_view`."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponseBase | None:
        """Refuse, or let the view answer."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        if is_open(name):
            return None
        user = request.user
        if user.is_authenticated:
            if name.startswith(OWN) or user.is_staff or user.has_perm(SEE):
                return None
            raise PermissionDenied
        if request.path.startswith("/api/"):
            return JsonResponse({"error": _("Sign in, or send a token.")}, status=HTTPStatus.UNAUTHORIZED)
        if request.method in ("GET", "HEAD") and not request.headers.get("HX-Request"):
            return redirect_to_login(request.get_full_path())
        raise PermissionDenied


def is_open(name: str) -> bool:
    """Whether visitors may use the address of this name."""
    closed = settings.PROPIS_SIGN_IN_TO_SEE
    if closed == OFF or name.startswith(ALWAYS_OPEN):
        return True
    return closed == WORK and name.startswith(DRAWING)
