"""How much a visitor may send: the web server asks before it accepts a large body."""

import io
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.core.handlers.wsgi import WSGIRequest
from django.db import DatabaseError, close_old_connections

FORM_BYTES = 2**20
"""What a form has around its file."""


def public_bytes() -> int:
    """Bytes that a visitor may send: a picture in its form, a batch of letters."""
    limits = settings.PROPIS_LIMITS
    return int(max(limits["picture_bytes"] + FORM_BYTES, limits["batch_bytes"], limits["page_bytes"] + FORM_BYTES))


def allowed_bytes(environ: Mapping[str, Any]) -> int:
    """Bytes that the sender of a request may send: whoever works here may bring a whole archive."""
    close_old_connections()
    try:
        is_trusted = _is_staff(environ)
    except DatabaseError:
        is_trusted = False
    finally:
        close_old_connections()
    return int(settings.PROPIS_LIMITS["archive_bytes"]) + FORM_BYTES if is_trusted else public_bytes()


def _is_staff(environ: Mapping[str, Any]) -> bool:
    request = WSGIRequest({**environ, "wsgi.input": io.BytesIO()})
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    if not key:
        return False
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    user = get_user(request)
    return user.is_active and bool(getattr(user, "is_staff", False))
