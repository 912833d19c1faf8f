"""Answers to requests that are refused: a page for people, JSON for programs, and the right status for both."""

import logging
from collections.abc import Callable
from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hwrsite.web_server.refusals import REFUSAL
from recognizer.filestore.errors import StoreAwayError

logger = logging.getLogger(__name__)
API = "/api/"
RETRY_SECONDS = 5
WORDS = {
    400: gettext_lazy("The server did not understand the request."),
    403: gettext_lazy("You may not do this."),
    404: gettext_lazy("There is nothing at this address."),
    405: gettext_lazy("This address does not accept such requests."),
    408: gettext_lazy("The request came too slowly and was given up."),
    409: gettext_lazy(
        "Something that this belongs to was changed or deleted in the same moment. Nothing was saved; look again."
    ),
    413: gettext_lazy("What you sent is more than this address accepts: too large, or too many files or fields."),
    429: gettext_lazy("Wait a little, then try again."),
    500: gettext_lazy("Something failed on the server; the log has the details."),
    503: gettext_lazy("The server is busy. Try again in a moment."),
}


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say what is wrong with a request: too large is not the same as not understood."""
    status = 413 if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent) else 400
    return render(request, f"{status}.html", status=status)


class RefusalMiddleware:
    """Answer what the web server refused, and see that the API's errors are JSON whatever happens."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Keep the next step of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Refuse, or hand on and look at the answer."""
        status = request.META.get(REFUSAL)
        if status is not None:
            return _refused(request, status)
        response = self.get_response(request)
        if request.path.startswith(API) and response.status_code >= HTTPStatus.BAD_REQUEST:
            return _as_json(response)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Say what the database or the store refuses, or that they do not answer: then the page asks them for nothing.

        Two who write at once may each be right until the database joins what they wrote: a row whose data set was
        deleted meanwhile, two of one name.
        """
        if isinstance(exception, IntegrityError):
            logger.error("%s: the database refused what was to be saved", request.path, exc_info=exception)
            return _refused(request, HTTPStatus.CONFLICT)
        if not isinstance(exception, OperationalError | InterfaceError | StoreAwayError):
            return None
        what = "store of files" if isinstance(exception, StoreAwayError) else "database"
        logger.warning("%s: the %s did not answer: %s", request.path, what, exception)
        return _refused(request, HTTPStatus.SERVICE_UNAVAILABLE, asks_nothing=True)


def _refused(request: HttpRequest, status: int, *, asks_nothing: bool = False) -> HttpResponseBase:
    """Refuse; a page that asks nothing does not know who is signed in."""
    if request.path.startswith(API):
        response: HttpResponse = JsonResponse({"error": str(WORDS[status])}, status=status)
    else:
        context = {"status": status, "words": WORDS[status]}
        known = {"request": request} if asks_nothing else {}  # without the processors of contexts
        page = render_to_string("refused.html", context | known, None if asks_nothing else request)
        response = HttpResponse(page, status=status)
    if status in (429, 503):
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _as_json(response: HttpResponseBase) -> HttpResponseBase:
    """The same error as JSON, where it is not yet; its headers stay."""
    if response.headers.get("Content-Type", "").startswith("application/json"):
        return response
    words = WORDS.get(response.status_code) or _("The request was refused.")
    answer = JsonResponse({"error": str(words)}, status=response.status_code)
    for name, value in response.headers.items():
        if name not in ("Content-Type", "Content-Length"):
            answer.headers[name] = value
    return answer
