"""A picture that came with a request, read in the lane that its size asks for."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from recognizer import lanes
from recognizer.pages.errors import PageTooLargeError
from recognizer.pictures import HeavyPictureError, check_size
from recognizer.reading import finish
from recognizer.recognition import BegunReading, Reading, begin_picture

Done = TypeVar("Done")


class NoPictureError(ValueError):
    """A form without its picture; the message is for whoever sent it."""


def posted_bytes(request: HttpRequest, limit: int) -> bytes:
    """The bytes of a page in a form's field `image`.

    Raises:
        NoPictureError: the form has none.
        recognizer.pages.errors.PageTooLargeError: it has more bytes than the limit.

    """
    file = _file(request)
    if (file.size or 0) > limit:
        raise PageTooLargeError(_("The page is larger than %(limit)d MB.") % {"limit": limit // 2**20})
    return bytes(file.read())


def posted_file(request: HttpRequest) -> bytes:
    """The bytes of the picture file in a form's field `image`.

    Raises:
        NoPictureError: the form has none.
        recognizer.pictures.PictureTooLargeError: it has more bytes than we accept.

    """
    file = _file(request)
    check_size(file.size or 0)
    return bytes(file.read())


def _file(request: HttpRequest) -> "UploadedFile[Any]":
    file = request.FILES.get("image")
    if not isinstance(file, UploadedFile):
        raise NoPictureError(_("“%(place)s” is missing.") % {"place": "image"})
    return file


def begin_posted(request: HttpRequest, data: bytes) -> BegunReading:
    """Begin to read a letter from a posted picture.

    Raises:
        recognizer.pictures.PictureError: not a picture, or too large.
        recognizer.core.ink.InkError: no ink on it.

    """
    return in_lane(request, lambda most: begin_picture(data, most=most))


def in_lane(request: HttpRequest, read: Callable[[int | None], Done]) -> Done:
    """Read a picture with no more pixels than the request's lane takes; a larger one comes again by another lane.

    Raises:
        recognizer.pictures.HeavyPictureError: it does; nobody sees that answer.

    """
    try:
        return read(lanes.most_pixels(request))
    except HeavyPictureError:
        lanes.change(request)
        raise


def read_posted(request: HttpRequest, data: bytes) -> Reading:
    """Read a letter from a posted picture. Raises what `begin_posted` raises."""
    return finish([begin_posted(request, data)])[0]
