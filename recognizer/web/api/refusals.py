"""Refusals of the API: one sentence in JSON, with the status that fits."""

from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, Throttled
from ninja.errors import ValidationError as QuestionError
from pydantic import ValidationError

from recognizer.web import limits, validation
from recognizer.web.api.bodies import BodyTooLargeError, EncodingError, FormError, MediaTypeError
from recognizer.web.errors import REFUSALS, status_of
from recognizer.web.posted import NoPictureError

STATUS: dict[type[Exception], int] = {
    MediaTypeError: 415,
    BodyTooLargeError: 413,
    EncodingError: 422,
    FormError: 422,
    NoPictureError: 422,
}
"""Of refusals that only the API knows; their messages are sentences for whoever asked."""


def install(api: NinjaAPI) -> None:
    """Let an API refuse by these rules."""

    def refuse(request: HttpRequest, error: object, status: int) -> HttpResponse:
        return api.create_response(request, {"error": str(error)}, status=status)

    def known(request: HttpRequest, error: Any) -> HttpResponse:
        return refuse(request, error, STATUS.get(type(error)) or status_of(error))

    def too_often(request: HttpRequest, error: Any) -> HttpResponse:
        response = refuse(request, limits.too_many(), 429)
        response.headers["Retry-After"] = str(limits.seconds_to_wait(request))
        return response

    def too_large(request: HttpRequest, error: Any) -> HttpResponse:
        return refuse(request, _("The request is too large."), 413)

    def bad_form(request: HttpRequest, error: Any) -> HttpResponse:
        return refuse(request, _("The request's body is not a valid form."), 400)

    def invalid(request: HttpRequest, error: Any) -> HttpResponse:
        errors = _errors_of(error)
        if errors[0]["type"] == "json_invalid":
            return refuse(request, _("The request's body is not valid JSON."), 400)
        return refuse(request, validation.in_words(errors), 422)

    def of_ninja(request: HttpRequest, error: Any) -> HttpResponse:
        return refuse(request, error, error.status_code)

    for kind in (*REFUSALS, *STATUS):
        api.add_exception_handler(kind, known)
    api.add_exception_handler(Throttled, too_often)
    api.add_exception_handler(RequestDataTooBig, too_large)
    api.add_exception_handler(MultiPartParserError, bad_form)
    api.add_exception_handler(BadRequest, bad_form)
    api.add_exception_handler(ValidationError, invalid)
    api.add_exception_handler(QuestionError, invalid)
    api.add_exception_handler(HttpError, of_ninja)


def _errors_of(error: Any) -> Any:
    """What is wrong with a body, or with the question behind an address."""
    return error.errors if isinstance(error, QuestionError) else error.errors(include_url=False, include_input=False)
