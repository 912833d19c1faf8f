"""Notices: a line on whatever page somebody is on, when a job that he started has ended."""

from datetime import UTC, datetime, timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hwrsite.web import shown_jobs

SHOWN = 3
LONGEST = timedelta(days=2)
"""What ended earlier is old news."""


@never_cache
@require_safe
@login_required
def notices(request: HttpRequest) -> HttpResponse:
    """Lines for static/js/notices.js: what the person's jobs came to after `since`, seconds since 1970.

    Without `since` there are none: the answer says in a header which moment it is, from which to look on.
    """
    now = timezone.now()
    since = _moment(request.GET.get("since", ""), now)
    ended = shown_jobs.ended_of(request.user, since) if request.GET.get("since") else []  # type: ignore[arg-type]  # signed in
    context = {"ended": ended[:SHOWN], "more": max(0, len(ended) - SHOWN)}
    response = render(request, "overview/notices.html", context)
    response.headers["X-Until"] = f"{now.timestamp():.3f}"
    return response


def _moment(text: str, now: datetime) -> datetime:
    """The moment of that many seconds, not long ago; now where it is none."""
    try:
        moment = datetime.fromtimestamp(float(text), tz=UTC)
    except (ValueError, OverflowError, OSError):
        return now
    return max(moment, now - LONGEST)
