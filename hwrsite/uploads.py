"""How much a visitor may send: the web server asks before it accepts a large body; and how many files.

An address takes one, unless its form takes several: the next is refused while the body is read.
"""

import io
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.core.exceptions import TooManyFilesSent
from django.core.files.uploadhandler import FileUploadHandler
from django.core.handlers.wsgi import WSGIRequest
from django.db import DatabaseError, close_old_connections
from django.http import HttpRequest
from django.urls import Resolver404, resolve

FORM_BYTES = 2**20
"""What a form has around its file."""
TAKE_SEVERAL = ("paper:index",)
"""Names of the addresses that take as many files as a request may have (`DATA_UPLOAD_MAX_NUMBER_FILES`)."""


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


class FileCounter(FileUploadHandler):
    """Keeps no file: it counts them, before the handlers that do."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        """None has come yet."""
        super().__init__(request)
        self._most, self._come = 1 if request is None else most_files(request), 0

    def new_file(self, *arguments: Any, **options: Any) -> None:
        """Count one.

        Raises:
            TooManyFilesSent: it is one more than this address takes.

        """
        super().new_file(*arguments, **options)
        self._come += 1
        if self._come > self._most:
            raise TooManyFilesSent(f"This address takes {self._most} of the files of a request.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Hand it on."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave it to the others."""


def most_files(request: HttpRequest) -> int:
    """How many files the address of a request takes."""
    try:
        match = request.resolver_match or resolve(request.path_info)
    except Resolver404:
        return 1
    return int(settings.DATA_UPLOAD_MAX_NUMBER_FILES) if match.view_name in TAKE_SEVERAL else 1
