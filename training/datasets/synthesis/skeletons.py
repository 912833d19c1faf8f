"""Skeletons: the ways in which each letter is written, as the points that a pen passes. Their tables are data."""

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

TABLES = Path(__file__).parent / "skeletons"
STYLES = {"printed": 0.52, "cursive": 0.36, "small": 0.12}
"""Share of each table among the letters that are written; its name is the file's."""


class SkeletonError(ValueError):
    """A line of a table is not as it must be; the message names it."""


Piece = tuple[tuple[float, float], ...]
"""A part of a stroke between two corners: a smooth curve through its points (x, y), two or more."""


@dataclass(frozen=True)
class Skeleton:
    """One way to write a letter.

    Attributes:
        letter: the letter, a capital (that of the class set).
        style: the table that it stands in.
        weight: how often it is used among the letter's skeletons of its table.
        strokes: each stroke's pieces, in the order of writing; the last point of a piece is the next one's first.

    """

    letter: str
    style: str
    weight: float
    strokes: tuple[tuple[Piece, ...], ...]


@lru_cache(maxsize=1)
def skeletons() -> tuple[Skeleton, ...]:
    """Return all skeletons of all tables."""
    return tuple(skeleton for style in STYLES for skeleton in read_table(style, (TABLES / f"{style}.txt").read_text()))


def shares(letter: str) -> dict[int, float]:
    """Return how often each of `skeletons()`, by index, is used for a letter; the shares add up to one."""
    mine = {index: skeleton for index, skeleton in enumerate(skeletons()) if skeleton.letter == letter}
    totals: dict[str, float] = {}
    for skeleton in mine.values():
        totals[skeleton.style] = totals.get(skeleton.style, 0.0) + skeleton.weight
    used = sum(STYLES[style] for style in totals)
    return {i: STYLES[each.style] / used * each.weight / totals[each.style] for i, each in mine.items()}


def read_table(style: str, text: str) -> list[Skeleton]:
    """Read a table; the format is explained at the head of `skeletons/printed.txt`.

    Raises:
        SkeletonError: a line is not as it must be.

    """
    found: list[Skeleton] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            found += _read_line(style, line, found)
        except ValueError as error:
            raise SkeletonError(f"{style}, line {number}: {error}") from error
    return found


def _read_line(style: str, line: str, earlier: list[Skeleton]) -> list[Skeleton]:
    letter, weight, rest = line.split(maxsplit=2)
    if not rest.startswith("="):
        return [Skeleton(letter, style, float(weight), _strokes(rest))]
    base, _plus, more = rest.removeprefix("=").strip().partition(" + ")
    added = _strokes(more)
    of_base = [skeleton for skeleton in earlier if skeleton.letter == base]
    if not of_base:
        raise ValueError(f"there is no {base} before it")
    return [
        replace(each, letter=letter, weight=each.weight * float(weight), strokes=each.strokes + added)
        for each in of_base
    ]


def _strokes(text: str) -> tuple[tuple[Piece, ...], ...]:
    return tuple(pieces_of(stroke.split()) for stroke in text.split("|"))


def pieces_of(words: list[str]) -> tuple[Piece, ...]:
    """Cut a stroke at its corners."""
    points = [_point(word) for word in words]
    if len(points) < 2:
        raise ValueError("a stroke is two points or more")
    inner = [number for number, word in enumerate(words[1:-1], 1) if word.endswith("!")]
    cuts = [0, *inner, len(words) - 1]
    return tuple(tuple(points[a : b + 1]) for a, b in pairwise(cuts))


def _point(word: str) -> tuple[float, float]:
    x, y = word.rstrip("!").split(",")
    return float(x), float(y)
