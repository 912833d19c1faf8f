"""What several parts of the API take and answer."""

from typing import Annotated

from ninja import Schema
from pydantic import Field

MAX_STROKES = 200
MAX_POINTS = 5_000  # of one stroke; a minute of drawing at 80 points a second

Point = Annotated[list[Annotated[float, Field(allow_inf_nan=False)]], Field(min_length=2, max_length=3)]
Stroke = Annotated[list[Point], Field(min_length=1, max_length=MAX_POINTS)]
StrokeList = Annotated[list[Stroke], Field(min_length=1, max_length=MAX_STROKES)]


class Refusal(Schema):
    """Why there is no reading."""

    error: str
