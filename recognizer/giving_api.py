"""The API of drawings that people give: keep one, delete all of a code."""

import json
from typing import Annotated, Literal

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from ninja.errors import HttpError
from ninja.throttling import AnonRateThrottle, BaseThrottle
from pydantic import Field

from recognizer import giving
from recognizer.api_schemas import Refusal, StrokeList

router = Router(tags=["drawings"])


class GiveThrottle(AnonRateThrottle):
    """Counts drawings apart from readings."""

    scope = "give"


class DeleteThrottle(AnonRateThrottle):
    """Counts deletions apart, so that codes cannot be tried in bulk."""

    scope = "delete-drawings"


GIVE_RATE: list[BaseThrottle] = [GiveThrottle(settings.PROPIS_LIMITS["give_rate"])]
DELETE_RATE: list[BaseThrottle] = [DeleteThrottle(settings.PROPIS_LIMITS["delete_rate"])]


class Gift(Schema):
    """A drawing, what its giver says it is, his consent, and the deletion code of his earlier drawings, if any."""

    strokes: StrokeList
    letter: Annotated[str, Field(min_length=1, max_length=1)]
    consent: Literal[True]
    code: Annotated[str, Field(max_length=40)] = ""


class Kept(Schema):
    """The drawing is kept; `code` deletes it."""

    id: int
    code: str


class Code(Schema):
    """A deletion code."""

    code: Annotated[str, Field(max_length=40)]


class Deleted(Schema):
    """How many drawings were deleted, and the data-set versions that were made with some of them before."""

    deleted: int
    versions: list[str]


@router.post(
    "",
    response={201: Kept, 400: Refusal, 413: Refusal, 422: Refusal, 429: Refusal, 503: Refusal},
    throttle=GIVE_RATE,
    summary="Give a drawing",
)
def give(request: HttpRequest, gift: Gift) -> Status[Kept]:
    """Keep a drawing with its giver's consent."""
    limit = settings.PROPIS_LIMITS["drawing_bytes"]
    if len(json.dumps(gift.strokes)) > limit:
        raise HttpError(413, _("The drawing is larger than %(limit)d kB.") % {"limit": limit // 1000})
    drawing, code = giving.keep(gift.strokes, gift.letter, gift.code)
    return Status(201, Kept(id=drawing.pk, code=code))


@router.post(
    "/delete",
    response={200: Deleted, 400: Refusal, 422: Refusal, 429: Refusal},
    throttle=DELETE_RATE,
    summary="Delete the drawings of a code",
)
def delete(request: HttpRequest, code: Code) -> Deleted:
    """Delete at once all drawings that were given with a code."""
    count, versions = giving.delete(code.code)
    return Deleted(deleted=count, versions=versions)
