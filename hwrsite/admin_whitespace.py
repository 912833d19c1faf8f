"""The admin's pages without their indentation: a sixth of what its theme writes."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

BETWEEN_TAGS = re.compile(rb">\s+<")


class AdminWhitespaceMiddleware:
    """Leave one line break where an HTML page under /admin/ has white space between two tags."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Keep the next step of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Shorten the answer where it is a page of the admin's."""
        response = self.get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html") and not response.streaming
        if is_page and request.path.startswith("/admin/"):
            response.content = BETWEEN_TAGS.sub(b">\n<", response.content)  # type: ignore[attr-defined]
        return response
