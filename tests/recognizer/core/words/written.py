"""Words of plain letters, as a pen writes them."""

import math

Stroke = list[list[float]]


def ring(left: float, right: float) -> Stroke:
    """An oval as high as a letter."""
    middle, wide = (left + right) / 2, (right - left) / 2
    angles = [2 * math.pi * step / 24 for step in range(25)]
    return [[middle + wide * math.sin(angle), 50 - 50 * math.cos(angle)] for angle in angles]


def breve(left: float, right: float) -> Stroke:
    """The sign over Й."""
    return [[left, -28], [(left + right) / 2, -16], [right, -28]]


LETTERS: dict[str, list[Stroke]] = {
    "А": [[[0, 100], [35, 0], [70, 100]], [[15, 62], [56, 62]]],
    "Г": [[[0, 100], [0, 0], [50, 0]]],
    "Ё": [[[0, 0], [0, 100]], [[0, 0], [50, 0]], [[0, 50], [45, 50]], [[0, 100], [50, 100]],
          [[14, -22], [16, -14]], [[36, -22], [38, -14]]],
    "И": [[[0, 0], [0, 100], [60, 0], [60, 100]]],
    "Й": [[[0, 0], [0, 100], [60, 0], [60, 100]], breve(18, 42)],
    "М": [[[0, 100], [5, 0], [40, 70], [75, 0], [80, 100]]],
    "Н": [[[0, 0], [0, 100]], [[60, 0], [60, 100]], [[0, 50], [60, 50]]],
    "О": [ring(0, 70)],
    "П": [[[0, 100], [0, 0], [60, 0], [60, 100]]],
    "Т": [[[35, 0], [35, 100]], [[0, 0], [70, 0]]],
    "Ш": [[[0, 0], [0, 100], [80, 100], [80, 0]], [[40, 0], [40, 100]]],
    "Ы": [[[0, 0], [0, 100], [30, 98], [42, 78], [30, 56], [0, 54]], [[66, 0], [66, 100]]],
}  # fmt: skip
GAP = 18.0


def word(text: str, gap: float = GAP) -> tuple[list[Stroke], list[int]]:
    """The strokes of a word, letter by letter, and of each stroke the number of its letter."""
    strokes: list[Stroke] = []
    letters: list[int] = []
    left = 0.0
    for number, letter in enumerate(text):
        drawn = LETTERS[letter]
        strokes += [[[x + left, y] for x, y in stroke] for stroke in drawn]
        letters += [number] * len(drawn)
        left += max(x for stroke in drawn for x, _y in stroke) + gap
    return strokes, letters
