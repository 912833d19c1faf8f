"""Ink: how strokes and pictures of letters become the inputs of a network."""

from recognizer.core.ink.base import FoundInk, InkSpecification
from recognizer.core.ink.errors import EmptyInkError, InkError
from recognizer.core.ink.pictures import Picture
from recognizer.core.ink.specifications import SPECIFICATIONS, Directions1, specification
from recognizer.core.ink.strokes import MAX_POINTS, MAX_STROKES, Point, Strokes

__all__ = [
    "MAX_POINTS",
    "MAX_STROKES",
    "SPECIFICATIONS",
    "Directions1",
    "EmptyInkError",
    "FoundInk",
    "InkError",
    "InkSpecification",
    "Picture",
    "Point",
    "Strokes",
    "specification",
]
