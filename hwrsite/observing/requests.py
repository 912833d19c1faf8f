"""Each request has a number, which its answer and its lines in the log have, too; how long it took is counted."""

import logging
import re
import time
import uuid
from collections.abc import Callable, Iterable, Iterator

from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse

from hwrsite.observing import figures
from hwrsite.observing.logs import request_id

logger = logging.getLogger("propis.requests")
HEADER = "X-Request-ID"
WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
"""What is taken from a proxy in front: nothing that could break a line of the log or a page."""


class RequestMiddleware:
    """Numbers each request, and counts how long its answer took; of one that is made in pieces, until the last one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Stand before everything else."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Number it, answer, count."""
        began, number = time.monotonic(), _number(request.headers.get(HEADER, ""))
        token = request_id.set(number)
        try:
            response = self.get_response(request)
            response.headers[HEADER] = number
            if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
                if not response.is_async:
                    pieces: Iterable[bytes] = response.streaming_content  # type: ignore[assignment]  # not async
                    response.streaming_content = _to_its_end(pieces, lambda: _count(request, response, began))
            else:
                _count(request, response, began)
            return response
        finally:
            request_id.reset(token)


def _number(said: str) -> str:
    return said if WELL_FORMED.fullmatch(said) else uuid.uuid4().hex


def _to_its_end(pieces: Iterable[bytes], at_end: Callable[[], None]) -> Iterator[bytes]:
    yield from pieces
    at_end()


def _count(request: HttpRequest, response: HttpResponseBase, began: float) -> None:
    seconds = time.monotonic() - began
    match = request.resolver_match
    view = (match.view_name if match is not None else "") or "none"
    figures.count(request.method or "", view, response.status_code, seconds)
    about = {"method": request.method, "view": view, "status": response.status_code, "seconds": round(seconds, 4)}
    logger.info("%s %s %s in %.4f s", request.method, view, response.status_code, seconds, extra=about)
