"""How many files an address takes: one, unless its form takes several. Refused while the body is read."""

from typing import Any

from django.conf import settings
from django.core.exceptions import TooManyFilesSent
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest
from django.urls import Resolver404, resolve

TAKE_SEVERAL = ("paper:index",)
"""Names of the addresses that take as many files as a request may have (`DATA_UPLOAD_MAX_NUMBER_FILES`)."""


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
