"""Letters in, readings out: one as strokes, as a picture or as an input; many at once."""

import time

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from ninja import Router

from recognizer import active_model
from recognizer.recognition import begin_strokes, recognize_batch, recognize_input
from recognizer.sources import DrawnInk, InputBytes, LetterSource, PictureFile
from recognizer.web import limits
from recognizer.web.api import answers
from recognizer.web.api.bodies import BYTES, FORM, MediaTypeError, check_form, decoded, read_bytes, read_json
from recognizer.web.api.description import REFUSALS, body, refusals
from recognizer.web.api.letters import (
    BatchAnswer,
    DrawnLetter,
    EncodedInput,
    InputAnswer,
    LetterBatch,
    ModelInService,
    PicturedLetter,
    PictureForm,
    RecognitionAnswer,
)
from recognizer.web.posted import begin_posted, posted_file

PICTURES = ("image/png", "image/jpeg")
router = Router(tags=["reading"])


@router.post(
    "/recognize",
    response={200: RecognitionAnswer, **REFUSALS},
    throttle=limits.READING_RATE,
    summary="Read strokes",
    url_name="recognize",
    openapi_extra=body(DrawnLetter),
)
def read_strokes(request: HttpRequest) -> HttpResponseBase:
    """Read one letter that is drawn as strokes."""
    return answers.of_begun(request, begin_strokes(read_json(request, DrawnLetter).strokes))


@router.post(
    "/recognize/image",
    response={200: RecognitionAnswer, **REFUSALS},
    throttle=limits.READING_RATE,
    summary="Read a picture",
    url_name="recognize_image",
    openapi_extra=body(form=PictureForm, raw=PICTURES),
)
def read_image(request: HttpRequest) -> HttpResponseBase:
    """Read one letter from a picture file: the body itself, or the field `image` of a form."""
    if request.content_type == FORM:
        check_form(request, "image")
        return answers.of_begun(request, begin_posted(request, posted_file(request)))
    if not (request.content_type or "").startswith("image/"):
        raise MediaTypeError(_("Send the picture itself as image/png or image/jpeg, or in a form."))
    data = read_bytes(request, settings.PROPIS_LIMITS["picture_bytes"])
    return answers.of_begun(request, begin_posted(request, data))


@router.post(
    "/recognize/input",
    response={200: InputAnswer, **REFUSALS},
    throttle=limits.READING_RATE,
    summary="Read an input",
    url_name="recognize_input",
    openapi_extra=body(EncodedInput, raw=(BYTES,)),
)
def read_input(request: HttpRequest) -> HttpResponse:
    """Read one input of the network: its bytes themselves, or base64 of them in JSON."""
    if request.content_type == BYTES:
        data = read_bytes(request, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    else:
        data = decoded(read_json(request, EncodedInput).input, "input")
    begun, model = time.perf_counter(), active_model.get()
    verdict = recognize_input(data, model)
    return answers.of_input(verdict, model, _milliseconds_since(begun))


@router.post(
    "/recognize/batch",
    response={200: BatchAnswer, **REFUSALS},
    throttle=limits.READING_RATE,
    summary="Read many letters",
    url_name="recognize_batch",
    openapi_extra=body(LetterBatch),
)
def read_batch(request: HttpRequest) -> HttpResponse:
    """Read up to 1,000 letters; one that cannot be read has an error in its place, and the others are read.

    A batch counts as often as it has drawings and pictures, and once for each 32 inputs.
    """
    batch = read_json(request, LetterBatch, limit=settings.PROPIS_LIMITS["batch_bytes"])
    sources = [_source(letter, place) for place, letter in enumerate(batch.letters)]
    inputs = sum(isinstance(source, InputBytes) for source in sources)
    limits.count_more(request, len(sources) - inputs + inputs // limits.INPUTS_OF_A_READING - 1)
    begun, model = time.perf_counter(), active_model.get()
    read = recognize_batch(sources, model)
    return answers.of_batch(read, model, _milliseconds_since(begun))


@router.get(
    "/model",
    response={200: ModelInService, **refusals(503)},
    summary="The model in service",
)
def get_model(request: HttpRequest) -> HttpResponse:
    """Tell which model reads, and how long its inputs are."""
    return answers.of_model(active_model.get())


def _source(letter: EncodedInput | DrawnLetter | PicturedLetter, place: int) -> LetterSource:
    if isinstance(letter, EncodedInput):
        return InputBytes(decoded(letter.input, "letters.%d.input", place))
    if isinstance(letter, DrawnLetter):
        return DrawnInk(letter.strokes)
    return PictureFile(decoded(letter.image, "letters.%d.image", place))


def _milliseconds_since(begun: float) -> float:
    return 1000 * (time.perf_counter() - begun)
