"""The API of donated drawings: keep one, delete all of a code."""

import json
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Status
from ninja.errors import HttpError
from pydantic import BaseModel, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from recognizer.donations import services
from recognizer.web.api.bodies import read_json
from recognizer.web.api.description import REFUSALS, body
from recognizer.web.api.schemas import L_SHAPE, RequestBody, StrokeList
from recognizer.web.limits import DELETION_RATE, DONATION_RATE

router = Router(tags=["drawings"])


def _given(consent: Any) -> Any:
    """A consent is `true`, and nothing that only counts as it, such as 1."""
    if consent is not True:
        raise PydanticCustomError("consent", "not given")
    return consent


class Donation(RequestBody):
    """A drawing, the letter its donor says it is, the consent, and the deletion code of earlier drawings, if any."""

    strokes: StrokeList = Field(examples=[L_SHAPE])
    letter: Annotated[str, Field(min_length=1, max_length=1)] = Field(
        description="The letter that its donor says it is.", examples=["Г"]
    )
    consent: Annotated[Literal[True], BeforeValidator(_given)] = Field(
        description="Its donor agrees that it is kept and used to train networks."
    )
    code: Annotated[str, Field(max_length=40)] = Field("", description="The deletion code of earlier drawings.")
    licence: Literal["", "CC0-1.0"] = Field(
        "", description="Under which its donor agrees that it is published; empty: it is not published."
    )


class DonationReceipt(BaseModel):
    """The drawing is kept; `code` deletes it."""

    id: int = Field(description="The number of the drawing.", examples=[17])
    code: str = Field(
        description="The deletion code: the one that was sent, or a new one.", examples=["K7QM-2XPA-9RTC-HW4E"]
    )


class DeletionRequest(RequestBody):
    """A deletion code; with `id` only that drawing of it goes."""

    code: Annotated[str, Field(max_length=40)] = Field(
        description="The deletion code, as it was given.", examples=["K7QM-2XPA-9RTC-HW4E"]
    )
    id: Annotated[int, Field(ge=1, lt=2**63)] | None = Field(None, description="The number of a drawing.")


class DeletionResult(BaseModel):
    """How many drawings were deleted, and the data-set versions that were made with some of them before."""

    deleted: int = Field(description="How many drawings were deleted.", examples=[1])
    versions: list[str] = Field(description="The names of those versions.", examples=[["letters 2"]])


@router.post(
    "",
    response={201: DonationReceipt, **REFUSALS},
    throttle=DONATION_RATE,
    summary="Donate a drawing",
    url_name="donate",
    openapi_extra=body(Donation),
)
def donate_drawing(request: HttpRequest) -> Status[DonationReceipt]:
    """Keep a drawing with its donor's consent."""
    donation = read_json(request, Donation)
    limit = settings.PROPIS_LIMITS["drawing_bytes"]
    if len(json.dumps(donation.strokes)) > limit:
        raise HttpError(413, _("The drawing is larger than %(limit)d kB.") % {"limit": limit // 1000})
    drawing, code = services.keep(donation.strokes, donation.letter, donation.code, donation.licence)
    return Status(201, DonationReceipt(id=drawing.pk, code=code))


@router.post(
    "/delete",
    response={200: DeletionResult, **REFUSALS},
    throttle=DELETION_RATE,
    summary="Delete the drawings of a code, or one of them",
    url_name="delete",
    openapi_extra=body(DeletionRequest),
)
def delete_drawings(request: HttpRequest) -> DeletionResult:
    """Delete at once all drawings that were donated under a code."""
    asked = read_json(request, DeletionRequest)
    count, versions = services.delete(asked.code, asked.id)
    return DeletionResult(deleted=count, versions=versions)
