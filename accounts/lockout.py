"""Who may try to sign in: limits on failures of a name at an address, and on the names tried from an address."""

from typing import Any

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_failure_limit
from axes.models import AccessAttempt
from django.conf import settings
from django.http import HttpRequest


class LockoutHandler(AxesDatabaseHandler):
    """Also stops one who tries a few passwords on each of very many names.

    Nobody can lock others out with it: a school class behind one address has fewer names than that.
    """

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """How often somebody has failed; above every limit where it was with too many names."""
        failures = int(super().get_failures(request, credentials))
        is_spraying = _names(request) > settings.PROPIS_LOCKOUT_NAMES
        return max(failures, get_failure_limit(request, credentials)) if is_spraying else failures


def _names(request: HttpRequest) -> int:
    """How many names have failed to log in from a request's address lately."""
    attempts = AccessAttempt.objects.filter(
        ip_address=request.axes_ip_address,  # type: ignore[attr-defined]  # set by axes
        attempt_time__gte=get_cool_off_threshold(request),
    )
    return int(attempts.values("username").distinct().count())
