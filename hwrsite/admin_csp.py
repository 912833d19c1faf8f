"""The admin's own content security policy: its theme needs what the public pages forbid."""

from collections.abc import Callable

from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse

HEADER = "Content-Security-Policy"


class AdminPolicyMiddleware:
    """Give answers under /admin/ the relaxed policy; the public ones get the strict one from django-csp."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next step of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the header where the address is the admin's."""
        response = self.get_response(request)
        if request.path.startswith("/admin/"):
            response.headers.setdefault(HEADER, build_policy(config=settings.ADMIN_CONTENT_SECURITY_POLICY))
        return response
