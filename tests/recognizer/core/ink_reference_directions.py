"""docs/ink.md, section “Picture → `directions-1`”, value by value in plain Python; see ink_reference.py."""

from collections.abc import Callable
from math import isqrt

Values = list[int]
Gradient = tuple[int, int]

PARTS: list[Callable[[int, int], int]] = [
    lambda x, y: max(x - abs(y), 0),
    lambda x, y: max(min(x, y), 0),
    lambda x, y: max(y - abs(x), 0),
    lambda x, y: max(min(-x, y), 0),
    lambda x, y: max(-x - abs(y), 0),
    lambda x, y: max(min(-x, -y), 0),
    lambda x, y: max(-y - abs(x), 0),
    lambda x, y: max(min(x, -y), 0),
]


def directions(picture: Values, grid: int) -> Values:
    """The input, 8 · grid² values, of a picture of 784."""
    gradients = [[gradient(picture, row, column) for column in range(28)] for row in range(28)]
    windows = [[window(grid, place, pixel) for pixel in range(28)] for place in range(grid)]
    values = []
    for part in PARTS:
        strength = [[part(*each) for each in row] for row in gradients]
        for down in windows:
            for across in windows:
                total = sum(
                    down[row] * across[column] * strength[row][column]
                    for row in range(28)
                    if down[row]
                    for column in range(28)
                )
                assert total < 2**24
                values.append(min(255, isqrt(total // 64)))
    return values


def gradient(picture: Values, row: int, column: int) -> Gradient:
    def p(down: int, right: int) -> int:
        y, x = row + down, column + right
        return picture[28 * y + x] if 0 <= y < 28 and 0 <= x < 28 else 0

    x = p(-1, 1) + 2 * p(0, 1) + p(1, 1) - p(-1, -1) - 2 * p(0, -1) - p(1, -1)
    y = p(1, -1) + 2 * p(1, 0) + p(1, 1) - p(-1, -1) - 2 * p(-1, 0) - p(-1, 1)
    return x, y


def window(grid: int, place: int, pixel: int) -> int:
    def height(i: int) -> int:
        return int(max(112**2 - ((2 * i + 1) * grid - (2 * place + 1) * 28) ** 2, 0) ** 2)

    return 128 * height(pixel) // sum(map(height, range(28)))
