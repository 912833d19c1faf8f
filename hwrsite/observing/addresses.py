"""`/metrics`: the figures, for whoever has the token; without one that is set, for this machine alone."""

import ipaddress
import secrets

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hwrsite.observing import figures
from recognizer.visitors import FORWARDED

OF_PROXIES = ("HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_X_FORWARDED_PROTO", "HTTP_VIA")
"""What a proxy adds: behind one on this machine every visitor seems to be here."""


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Show the figures."""
    if not _may_see(request):
        return HttpResponse(_("You may not do this."), status=403, content_type="text/plain; charset=utf-8")
    try:
        return HttpResponse(figures.text(), content_type="text/plain; version=0.0.4; charset=utf-8")
    except DatabaseError:
        return HttpResponse("the database does not answer\n", status=503, content_type="text/plain; charset=utf-8")


def _may_see(request: HttpRequest) -> bool:
    if token := settings.METRICS_TOKEN:
        said = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return secrets.compare_digest(said.encode(), token.encode())
    if request.META.get(FORWARDED) or any(name in request.META for name in OF_PROXIES):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
