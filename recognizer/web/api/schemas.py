"""Requests and answers that several parts of the API share.

What is sent is checked strictly: a text is no number, and a name that is not known here is a mistake. Generators of
clients make classes of these names.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, FailFast, Field

from recognizer.core.ink.strokes import MAX_COORDINATE

MAX_STROKES = 200
MAX_POINTS = 5_000  # of one stroke; a minute of drawing at 80 points a second

Coordinate = Annotated[float, Field(ge=-MAX_COORDINATE, le=MAX_COORDINATE)]
Milliseconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Point = Annotated[
    tuple[Coordinate, Coordinate, Milliseconds] | tuple[Coordinate, Coordinate], Field(union_mode="left_to_right")
]
Stroke = Annotated[list[Point], Field(min_length=1, max_length=MAX_POINTS), FailFast()]
StrokeList = Annotated[
    list[Stroke],
    Field(
        min_length=1,
        max_length=MAX_STROKES,
        description="Lists of points [x, y] or [x, y, t]: x to the right and y down, in any unit; t in milliseconds "
        "from the first point, which is kept with a donated drawing and does not matter to a reading.",
    ),
    FailFast(),
]
L_SHAPE = [[[10, 10, 0], [10, 90, 180]], [[10, 90, 420], [60, 90, 560]]]
"""Strokes for examples."""


class RequestBody(BaseModel):
    """What is sent as JSON."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Refusal(BaseModel):
    """Why a request is refused, in one sentence, in the language that it asks for."""

    error: str = Field(description="The sentence.", examples=["“strokes” is missing."])
