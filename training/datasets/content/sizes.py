"""Sizes of splits, as a person writes them."""

from fractions import Fraction

from recognizer.messages import gettext as _
from training.datasets.errors import DatasetError

Size = int | float
"""Size of a split: a number of pictures, or a share of all between 0 and 1."""


def size_of(text: str, *, may_be_none: bool = False) -> Size:
    """Read the size of a split: `16500`, `0.25`, `25%`, a share `16500/93135`, or a ratio `76635:16500`.

    Args:
        text: the size; of a ratio the first number is of the rest, the second of the split.
        may_be_none: whether 0 is a size too: there is to be no such split.

    Raises:
        DatasetError: it is not a size.

    """
    text = text.strip().replace(",", ".")
    number = _fraction(text)
    if number is not None and 0 < number < 1:
        return float(number)
    if number == 0 and may_be_none:
        return 0
    if number is not None and text.isascii() and text.isdigit() and 1 <= number < 2**31:
        return int(text)
    raise DatasetError(
        _(
            "“%(text)s” is not the size of a split: give a share (0.25, 25%%, 16500/93135), a ratio to the rest "
            "(76635:16500) or a number of pictures (16500)."
        )
        % {"text": text[:40]}
    )


def _fraction(text: str) -> Fraction | None:
    """What a text of at most forty characters says in numbers, if anything."""
    if len(text) >= 40:
        return None
    try:
        if ":" in text:
            rest, own = map(Fraction, text.split(":"))
            return own / (rest + own) if rest > 0 and own > 0 else None
        return Fraction(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except (ValueError, ZeroDivisionError):
        return None
