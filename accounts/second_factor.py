"""A second factor: after the password a code of six digits that an authenticator app makes anew each half minute.

Codes and their keys are django-otp's, which also lets nobody try one code right after another. A wrong code counts as a
wrong password does: codes are checked by an authentication backend, behind the one that locks out. Nobody is signed in
before his code was right, so whoever has a session has shown it.
"""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key

from accounts import codes
from accounts.models import User

OPTIONAL, ADMINISTRATORS, ALL = "optional", "administrators", "all"
SHOWN = "second_factor"
"""In a session: its person has shown a code."""
RECOVERY_CODES = 10
OF_A_CODE, STORED = 5, 16
"""Letters of each half of a recovery code: 49 random bits; characters of its hash that are stored."""
DIGITS = 6
OFFERED_SECONDS = 3600
"""How long a key that was offered may be confirmed."""
OPEN = (
    *("account:second_factor", "account:sign_out", "account:sign_in", "account:code", "admin:logout"),
    *("set_language", "healthz", "recognizer:privacy"),
)
"""What stays open for who has to turn it on first."""


def is_on(user: Any) -> bool:
    """Whether somebody signs in with a code."""
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


def codes_left(user: Any) -> int:
    """How many recovery codes somebody has not used yet."""
    return sum(device.token_set.count() for device in StaticDevice.objects.filter(user=user))


def offer(user: User) -> str:
    """Make a key; it is stored once a code of it was shown."""
    return signing.dumps([user.pk, default_key()], salt=SHOWN)


def offered(user: User, key: str) -> TOTPDevice:
    """The device of a key that was offered to somebody, not stored yet.

    Raises:
        signing.BadSignature: it was offered to somebody else, too long ago, or never.

    """
    owner, secret = signing.loads(key, salt=SHOWN, max_age=OFFERED_SECONDS)
    if owner != user.pk:
        raise signing.BadSignature
    return TOTPDevice(user=user, name="", key=secret)


def turn_on(device: TOTPDevice, code: str) -> list[str] | None:
    """Store a device whose code is right, in the place of any other; return recovery codes, or None."""
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits)
    totp.time = time.time()
    if not code.isdecimal() or not totp.verify(int(code), device.tolerance):
        return None
    device.last_t = totp.t()  # this code is used up
    with transaction.atomic():
        turn_off(device.user)
        device.save()
        return new_codes(device.user)


@transaction.atomic
def new_codes(user: User) -> list[str]:
    """Make recovery codes in the place of those that are left. They are shown once and kept as hashes."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="")
    made = [codes.new_code(2, OF_A_CODE) for _number in range(RECOVERY_CODES)]
    device.token_set.bulk_create(device.token_set.model(device=device, token=_stored(code)) for code in made)
    return made


def turn_off(user: User) -> bool:
    """Sign in with the password alone from now on; return whether it was on."""
    StaticDevice.objects.filter(user=user).delete()
    return bool(TOTPDevice.objects.filter(user=user).delete()[0])


def is_right(request: HttpRequest, user: User, code: str) -> bool:
    """Whether a code is somebody's; a wrong one counts for the lock-out. Each code is right once."""
    return authenticate(request, username=user.get_username(), token=code) == user


class CodeBackend:
    """Knows people by a code of their second factor."""

    def authenticate(self, request: HttpRequest | None, *, username: str, token: str) -> User | None:
        """Give whose it is, where it is right."""
        typed = "".join(token.split()).replace("-", "").upper()
        kind, shown = (
            (TOTPDevice, typed) if typed.isdecimal() and len(typed) == DIGITS else (StaticDevice, _stored(typed))
        )
        with transaction.atomic():  # of two who send the same code at once one is let in
            devices = (
                kind.objects.select_for_update()
                .select_related("user")
                .filter(user__username=username, user__is_active=True, confirmed=True)
            )
            return next((device.user for device in devices if device.verify_token(shown)), None)

    def get_user(self, key: int) -> User | None:
        """Give nobody: sessions are those of the password's backend."""
        return None


def _stored(code: str) -> str:
    return codes.digest(code.replace("-", ""))[:STORED]


def is_demanded_of(user: Any) -> bool:
    """Whether somebody has to have it (`PROPIS_SECOND_FACTOR`)."""
    wanted = settings.PROPIS_SECOND_FACTOR
    return wanted == ALL or (wanted == ADMINISTRATORS and bool(user.is_superuser))


class SecondFactorMiddleware:
    """Leads who has to have it and has not shown it to the page that turns it on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Stand before the views."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Hand on: what is asked for is known in `process_view`."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponseBase | None:
        """Lead there, or let the view answer. A program's token is no session: it was made by somebody who had one."""
        if settings.PROPIS_SECOND_FACTOR == OPTIONAL or not request.user.is_authenticated:
            return None
        if hasattr(request, "api_token") or not is_demanded_of(request.user) or request.session.get(SHOWN):
            return None
        if request.resolver_match and request.resolver_match.view_name in OPEN:
            return None
        if request.method in ("GET", "HEAD") and not request.headers.get("HX-Request"):
            return redirect("account:second_factor")
        raise PermissionDenied
