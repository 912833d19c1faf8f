"""Words in, readings out: as strokes, or as a picture."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import BaseModel, Field

from recognizer.web import limits
from recognizer.web.api.answers import reader_members
from recognizer.web.api.bodies import FORM, FormError, MediaTypeError, check_form, read_bytes, read_json
from recognizer.web.api.description import REFUSALS, body
from recognizer.web.api.letters import Guess, Milliseconds, PictureForm, Reader
from recognizer.web.api.readings import PICTURES
from recognizer.web.api.schemas import L_SHAPE, RequestBody, StrokeList
from recognizer.web.posted import in_lane, posted_file
from recognizer.words.reading import WordReading, read_picture, read_strokes, word_members

LETTERS_OF_A_WORD = 20
"""So many letters take the time of one word, of average length and with all that may be letters of it."""
CHOICES = {None: True, "true": True, "false": False}
LEXICON: dict[str, Any] = {
    "name": "lexicon",
    "in": "query",
    "required": False,
    "description": "Whether Russian words are preferred; other words are read all the same.",
    "schema": {"type": "boolean", "default": True},
}
router = Router(tags=["reading"])


class DrawnWord(RequestBody):
    """Strokes of one word of separate letters, in any order."""

    strokes: StrokeList = Field(examples=[[*L_SHAPE, [[80, 10], [110, 90]], [[110, 10], [80, 90]]]])
    lexicon: bool = Field(True, description=LEXICON["description"])


class LetterOfWord(BaseModel):
    """A letter of a word."""

    letter: str = Field(description="The most probable letter.", examples=["Г"])
    best: list[Guess] = Field(description="The most probable letters of this ink, best first.")
    refused: bool = Field(description="Whether this ink looks like no letter.", examples=[False])
    whole: float = Field(
        ge=0,
        le=1,
        description="How probable this ink is one letter, neither a part of one nor several.",
        examples=[0.99],
    )
    box: tuple[float, float, float, float] = Field(
        description="Left, top, right and bottom, in the unit of the strokes or in pixels of the picture.",
        examples=[[10, 10, 60, 90]],
    )
    strokes: list[int] = Field(
        description="The numbers of its strokes, from 0 on; empty for a picture.", examples=[[0, 1]]
    )


class WordAnswer(BaseModel):
    """What a word is read as."""

    text: str = Field(description="Its letters together.", examples=["ГХ"])
    letters: list[LetterOfWord] = Field(description="From left to right.")
    known: bool | None = Field(description="Whether it is a word of the lexicon; null without one.", examples=[False])
    milliseconds: Milliseconds
    model: Reader = Field(description="The model that read.")


@router.post(
    "",
    response={200: WordAnswer, **REFUSALS},
    throttle=limits.READING_RATE,
    summary="Read a word",
    url_name="read_word",
    openapi_extra=body(DrawnWord),
)
def read_word(request: HttpRequest) -> dict[str, Any]:
    """Read one word that is drawn as strokes; it counts as 20 letters."""
    word = read_json(request, DrawnWord)
    limits.count_more(request, LETTERS_OF_A_WORD - 1)
    return _answer(read_strokes(word.strokes, with_lexicon=word.lexicon))


@router.post(
    "/image",
    response={200: WordAnswer, **REFUSALS},
    throttle=limits.READING_RATE,
    summary="Read a picture of a word",
    url_name="read_word_image",
    openapi_extra={**body(form=PictureForm, raw=PICTURES), "parameters": [LEXICON]},
)
def read_word_image(request: HttpRequest) -> dict[str, Any]:
    """Read one word from a picture file: the body itself, or the field `image` of a form; it counts as 20 letters."""
    with_lexicon, data = _with_lexicon(request), _picture(request)
    limits.count_more(request, LETTERS_OF_A_WORD - 1)
    return _answer(in_lane(request, lambda most: read_picture(data, with_lexicon=with_lexicon, most=most)))


def _picture(request: HttpRequest) -> bytes:
    if request.content_type == FORM:
        check_form(request, "image")
        return posted_file(request)
    if not (request.content_type or "").startswith("image/"):
        raise MediaTypeError(_("Send the picture itself as image/png or image/jpeg, or in a form."))
    return read_bytes(request, settings.PROPIS_LIMITS["picture_bytes"])


def _with_lexicon(request: HttpRequest) -> bool:
    chosen = request.GET.getlist("lexicon")
    if set(request.GET) - {"lexicon"} or len(chosen) > 1 or (chosen and chosen[0] not in CHOICES):
        raise FormError(_("The address takes “lexicon=true” or “lexicon=false”, and nothing else."))
    return CHOICES[chosen[0] if chosen else None]


def _answer(reading: WordReading) -> dict[str, Any]:
    return {
        **word_members(reading.word),
        "milliseconds": round(reading.milliseconds, 3),
        "model": reader_members(reading.model),
    }
