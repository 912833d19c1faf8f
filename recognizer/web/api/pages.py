"""Pages in, letters out: a photograph, scan or page of a PDF."""

from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import BaseModel, Field

from recognizer.web import limits
from recognizer.web.api.bodies import FORM, MediaTypeError, check_form, read_bytes
from recognizer.web.api.description import REFUSALS, body
from recognizer.web.api.letters import LetterAnswer, Milliseconds
from recognizer.web.api.schemas import RequestBody
from recognizer.web.api.words import LEXICON
from recognizer.web.page_reading import read_page_file
from recognizer.web.posted import posted_bytes

KINDS = ("image/png", "image/jpeg", "image/heic", "application/pdf")
PageNumber = Annotated[int, Query(description="Which page of a PDF is read, from 1 on.")]
Preview = Annotated[bool, Query(description="Whether the answer has the page as a picture.")]
LexiconChoice = Annotated[bool, Query(description=LEXICON["description"])]
router = Router(tags=["reading"])


class PageForm(RequestBody):
    """A form with a photograph, scan or PDF."""

    image: bytes = Field(description="The file.")


class PageLetterAnswer(LetterAnswer):
    """One letter of a page."""

    line: int = Field(description="The number of its line, from 0.", examples=[0])
    space_before: bool = Field(description="Whether a new word begins with it.", examples=[False])
    box: list[float] = Field(
        description="Left, top, width and height of the upright box around it, in pixels of the original picture.",
        examples=[[120.5, 84, 40, 52.5]],
    )
    corners: list[list[float]] = Field(
        description="The four corners [x, y] of the box that lies as the page does, from the letter's left upper one.",
        examples=[[[120.5, 85], [159, 84], [160.5, 135], [122, 136.5]]],
    )


class PageAnswer(BaseModel):
    """What a page is read as."""

    text: str = Field(description="All letters, a line each line.", examples=["МАМА МЫЛА\nРАМУ"])
    page: int = Field(description="The number of the page in its file.", examples=[1])
    pages: int = Field(description="How many pages the file has.", examples=[1])
    width: float = Field(
        description="Of the original picture as a browser shows it, px; of a PDF's page in points.", examples=[1240]
    )
    height: float = Field(description="As the width.", examples=[1754])
    turned: int = Field(description="Degrees clockwise by which it was turned: 0, 90, 180 or 270.", examples=[0])
    straightened_by: str = Field(
        description="What told how it lies: `edges`, `ruling` or `lines`.", examples=["ruling"]
    )
    joined_up: bool = Field(
        description="Whether most of the writing seems to be joined up, which is read with many mistakes.",
        examples=[False],
    )
    unread: list[list[float]] = Field(
        description="Boxes of ink that hangs together and of which no letter is read, as those of letters.",
        examples=[[]],
    )
    letters: list[PageLetterAnswer] = Field(description="Line by line.")
    milliseconds: Milliseconds
    model: str = Field(description="The name of the model that read.", examples=["best"])
    preview: str | None = Field(None, description="The page as a data address, where it was asked for.")


@router.post(
    "/pages",
    response={200: PageAnswer, **REFUSALS},
    throttle=limits.PAGE_RATE,
    summary="Read a whole page",
    url_name="read_page",
    openapi_extra=body(form=PageForm, raw=KINDS),
)
def read_page(
    request: HttpRequest, page: PageNumber = 1, preview: Preview = False, lexicon: LexiconChoice = True
) -> dict[str, Any]:
    """Read the letters of a photographed or scanned page: the body itself, or the field `image` of a form.

    Letters that touch are told apart as those of a word are, and unless `lexicon` is false Russian words are preferred
    where the ink allows it. Of a PDF one page is read, `page`. With `preview` the answer has the page as a picture, for
    what a browser cannot show by itself, such as HEIC and PDF. Nothing of what is sent is kept.
    """
    limit = settings.PROPIS_LIMITS["page_bytes"]
    if request.content_type == FORM:
        check_form(request, "image")
        return read_page_file(posted_bytes(request, limit), page, with_preview=preview, with_lexicon=lexicon)
    if not (request.content_type or "").startswith(("image/", "application/pdf")):
        raise MediaTypeError(_("Send the page itself as image/png, image/jpeg, image/heic or application/pdf."))
    return read_page_file(read_bytes(request, limit), page, with_preview=preview, with_lexicon=lexicon)
