"""A trained network in fewer bits: rounded parameters, or whole numbers all through. See docs/precisions.md."""

from recognizer.core.precision.integer import AnyNetwork, IntegerLayer, IntegerNetwork, in_floats
from recognizer.core.precision.names import INTEGER_BITS, PRECISIONS, ROUNDED, WEIGHT_BITS
from recognizer.core.precision.rounding import HalfNetwork, to_half, to_precision

__all__ = [
    "INTEGER_BITS",
    "PRECISIONS",
    "ROUNDED",
    "WEIGHT_BITS",
    "AnyNetwork",
    "HalfNetwork",
    "IntegerLayer",
    "IntegerNetwork",
    "in_floats",
    "to_half",
    "to_precision",
]
