"""How often one address may ask: readings, donations and deletions are counted apart."""

import logging
import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.throttling import AnonRateThrottle, BaseThrottle

from recognizer.visitors import network
from recognizer.web.counters import Counters, Rate

logger = logging.getLogger(__name__)
COUNTED = "propis.counted"
"""Where a request has the key and the rate that it is counted by."""
INPUTS_OF_A_READING = 32
"""So many inputs of a batch take the time of one reading."""


class TooManyRequestsError(Exception):
    """An address has asked too often; the message is a sentence for whoever sits there."""


class AddressThrottle(AnonRateThrottle):
    """Limits each address; who is signed in has a limit of his own, which nobody else at his address uses up."""

    def __init__(self, what: str, rate: str) -> None:
        """Take what is counted, and how often it may be, such as `40/s`."""
        super().__init__(rate)
        self._what = what

    def allow_request(self, request: HttpRequest) -> bool:
        """Count the request, and say whether it may be; note as what it is counted."""
        if (counters := shared_counters()) is None:
            return True
        rate = Rate(self.num_requests or 1, float(self.duration or 1))
        request.META[COUNTED] = key, rate = f"{self._what} by {network(request.META['REMOTE_ADDR'])}", rate
        if counters.allow(key, rate):
            return True
        if (member := _member(request)) is None:
            return False
        request.META[COUNTED] = key, rate = f"{self._what} by member {member}", rate
        return counters.allow(key, rate)

    def wait(self) -> None:
        """Leave it to `seconds_to_wait` when the next one is allowed."""


def count_more(request: HttpRequest, count: int) -> None:
    """Count a request that was allowed so many times more: what costs as much as many counts as many."""
    if count > 0 and (counters := shared_counters()) is not None and COUNTED in request.META:
        key, rate = request.META[COUNTED]
        counters.add(key, rate, count)


def seconds_to_wait(request: HttpRequest) -> int:
    """Whole seconds after which a request that was refused is allowed."""
    if (counters := shared_counters()) is None or COUNTED not in request.META:
        return 1
    return math.ceil(max(1.0, counters.seconds_left(*request.META[COUNTED])))


@lru_cache(maxsize=1)
def shared_counters() -> Counters | None:
    """The counters of this product; None where they cannot be had: then everything is allowed."""
    try:
        return Counters(settings.PROPIS_VAR / "run" / "rates")
    except (OSError, ValueError):
        logger.exception("requests cannot be counted: every rate is allowed")
        return None


def _member(request: HttpRequest) -> Any:
    """Who is signed in; asked only where an address has reached its limit, so that reading needs no database."""
    user = getattr(request, "user", None)
    try:
        return user.pk if user is not None and user.is_authenticated else None
    except DatabaseError:
        return None


READING_RATE: list[BaseThrottle] = [AddressThrottle("readings", settings.PROPIS_LIMITS["recognize_rate"])]
PAGE_RATE: list[BaseThrottle] = [AddressThrottle("pages", settings.PROPIS_LIMITS["page_rate"])]
NEAREST_RATE: list[BaseThrottle] = [AddressThrottle("searches", settings.PROPIS_LIMITS["nearest_rate"])]
DONATION_RATE: list[BaseThrottle] = [AddressThrottle("donations", settings.PROPIS_LIMITS["donation_rate"])]
DELETION_RATE: list[BaseThrottle] = [AddressThrottle("deletions", settings.PROPIS_LIMITS["delete_rate"])]


def check(request: HttpRequest, throttles: Sequence[BaseThrottle]) -> None:
    """Count a request to a page, as the API counts those to it.

    Raises:
        TooManyRequestsError: the address has asked too often.

    """
    if not all(throttle.allow_request(request) for throttle in throttles):
        raise TooManyRequestsError(too_many())


def too_many() -> str:
    """Say that an address has asked too often."""
    return _("Too many requests from your address. Wait a little.")
