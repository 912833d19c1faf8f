"""Bodies of requests: read once, in one of the kinds that an address takes.

pydantic reads JSON from the bytes at once, which takes a tenth of the time that ninja's way over Python's objects
takes; so views take the request alone, and `description` adds their bodies to the API's description.
"""

import binascii
from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from recognizer.web.api.schemas import RequestBody
from recognizer.web.validation import sentence_of

JSON, BYTES, FORM = "application/json", "application/octet-stream", "multipart/form-data"
Sent = TypeVar("Sent", bound=RequestBody)


class MediaTypeError(ValueError):
    """A body of a kind that the address does not take; the message is for whoever sent it."""


class BodyTooLargeError(ValueError):
    """More bytes than we accept."""


class EncodingError(ValueError):
    """A text that is not base64."""


class FormError(ValueError):
    """A form that has other fields than its own; the message is for whoever sent it."""


def check_form(request: HttpRequest, *names: str) -> None:
    """See that a form has no other fields than these, and none of them twice.

    Raises:
        FormError: it has.

    """
    sent = [name for fields in (request.POST, request.FILES) for name, values in fields.lists() for _value in values]
    for name in sent:
        if name not in names or sent.count(name) > 1:
            kind = "twice" if name in names else "extra_forbidden"
            raise FormError(sentence_of(kind, {}) % {"place": name})


def read_json(request: HttpRequest, kind: type[Sent], *, limit: int | None = None) -> Sent:
    """The body of a request that calls itself JSON: forms of other sites cannot send one that does.

    Raises:
        MediaTypeError: its type is another one.
        BodyTooLargeError: it is larger than the limit, or than any body may be that is kept in memory.
        pydantic.ValidationError: it is not JSON, or not what is asked for.

    """
    if request.content_type != JSON:
        raise MediaTypeError(_("Send the body as application/json."))
    return kind.model_validate_json(read_bytes(request, limit or settings.DATA_UPLOAD_MAX_MEMORY_SIZE))


def read_bytes(request: HttpRequest, limit: int) -> bytes:
    """The body of a request.

    Raises:
        BodyTooLargeError: it has more bytes than the limit.

    """
    data = request.read(limit + 1)
    if len(data) > limit:
        raise BodyTooLargeError(_("The request is larger than %(limit)d MB.") % {"limit": limit // 2**20})
    return data


def decoded(text: str, place: str, *numbers: int) -> bytes:
    """The bytes that base64 stands for; `place`, with these numbers in it, is where it stands.

    Raises:
        EncodingError: it is not base64.

    """
    try:
        return binascii.a2b_base64(text, strict_mode=True)
    except (binascii.Error, ValueError):  # (ValueError: a letter beyond ASCII)
        raise EncodingError(_("“%(place)s” is not base64.") % {"place": place % numbers}) from None
