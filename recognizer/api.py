"""The API: letters in, readings out. Its documentation is at /api/docs."""

import base64
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import File, NinjaAPI, Schema, UploadedFile
from ninja.errors import HttpError, Throttled, ValidationError
from ninja.throttling import AnonRateThrottle, BaseThrottle

from recognizer import giving_api
from recognizer.api_schemas import Refusal, StrokeList
from recognizer.catalog import CatalogError
from recognizer.core.ink import InkError
from recognizer.giving import FullError, GivingError
from recognizer.pictures import PictureError
from recognizer.recognition import Reading, recognize_picture, recognize_strokes

api = NinjaAPI(title="Propis", version="1", description="Reads handwritten Russian letters.", urls_namespace="api")
api.add_router("/drawings", giving_api.router)
RATE: list[BaseThrottle] = [AnonRateThrottle(settings.PROPIS_LIMITS["recognize_rate"])]


class Drawing(Schema):
    """Strokes of one letter: lists of points [x, y] or [x, y, t], y down, in any unit."""

    strokes: StrokeList


class Guess(Schema):
    """A letter and how probable it is."""

    letter: str
    probability: float


class Reader(Schema):
    """The model that read; `letters` are those that it tells apart."""

    id: int | None
    name: str
    url: str | None
    letters: str


class Answer(Schema):
    """A reading. `input` is base64 of the 784 bytes that the network saw, row by row, made by `ink_specification`."""

    letter: str
    best: list[Guess]
    input: str
    ink_specification: str
    ink_bright: bool
    milliseconds: float
    model: Reader


def answer(reading: Reading) -> Answer:
    """Put a reading in the form that the API gives."""
    model = reading.model
    return Answer(
        letter=reading.letter,
        best=[Guess(letter=letter, probability=round(probability, 6)) for letter, probability in reading.best],
        input=base64.b64encode(reading.input.tobytes()).decode("ascii"),
        ink_specification=model.ink.name,
        ink_bright=model.ink.ink_bright,
        milliseconds=round(reading.milliseconds, 3),
        model=Reader(
            id=model.pk,
            name=model.name,
            url=reverse("recognizer:detail", args=[model.pk]) if model.pk else None,
            letters=model.letters,
        ),
    )


@api.post(
    "/recognize",
    response={200: Answer, 400: Refusal, 413: Refusal, 422: Refusal, 429: Refusal, 503: Refusal},
    throttle=RATE,
)
def recognize(request: HttpRequest, drawing: Drawing) -> Answer:
    """Read one letter drawn as strokes."""
    return answer(recognize_strokes(drawing.strokes))


@api.post(
    "/recognize/image",
    response={200: Answer, 413: Refusal, 415: Refusal, 422: Refusal, 429: Refusal, 503: Refusal},
    throttle=RATE,
)
def recognize_image(request: HttpRequest, image: File[UploadedFile]) -> Answer:
    """Read one letter from a picture file."""
    limit = settings.PROPIS_LIMITS["picture_bytes"]
    if (image.size or 0) > limit:
        raise HttpError(413, _("The picture is larger than %(limit)d MB.") % {"limit": limit // 2**20})
    return answer(recognize_picture(image.read()))


def _refuse(request: HttpRequest, error: str, status: int) -> HttpResponse:
    return api.create_response(request, {"error": error}, status=status)


@api.exception_handler(InkError)
def _no_ink(request: HttpRequest, error: InkError) -> HttpResponse:
    return _refuse(request, str(error), 422)


@api.exception_handler(PictureError)
def _no_picture(request: HttpRequest, error: PictureError) -> HttpResponse:
    return _refuse(request, str(error), 415)


@api.exception_handler(CatalogError)
def _no_model(request: HttpRequest, error: CatalogError) -> HttpResponse:
    return _refuse(request, str(error), 503)


@api.exception_handler(GivingError)
def _not_taken(request: HttpRequest, error: GivingError) -> HttpResponse:
    return _refuse(request, str(error), 503 if isinstance(error, FullError) else 422)


@api.exception_handler(Throttled)
def _too_often(request: HttpRequest, error: Throttled) -> HttpResponse:
    response = _refuse(request, _("Too many requests from your address. Wait a little."), 429)
    if error.wait is not None:
        response.headers["Retry-After"] = str(int(error.wait) + 1)
    return response


@api.exception_handler(RequestDataTooBig)
def _too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return _refuse(request, _("The request is too large."), 413)


@api.exception_handler(HttpError)
def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    # ninja raises 400 only where the body cannot be parsed, in words of its own.
    words = _("The request's body is not valid JSON.") if error.status_code == 400 else str(error)
    return _refuse(request, words, error.status_code)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    first: dict[str, Any] = error.errors[0]
    place = ".".join(str(part) for part in first["loc"][2:]) or str(first["loc"][-1])
    return _refuse(request, f"{place}: {first['msg']}", 422)
