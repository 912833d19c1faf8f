"""docs/ink.md written out once more, pixel by pixel in plain Python: what a port to another language does.

Slow and without numpy on purpose; the tests hold recognizer.core.ink to it byte by byte.
"""

from itertools import pairwise
from math import floor, sqrt

Mask = list[list[int]]
Units = tuple[int, int]


def draw(strokes: list[list[tuple[float, float]]]) -> Mask:
    """Section “Strokes”: a mask of 84 rows."""
    xs = [x for stroke in strokes for x, _ in stroke]
    ys = [y for stroke in strokes for _, y in stroke]
    longest = max(max(xs) - min(xs), max(ys) - min(ys))
    scale = (66.0 - 9.5) / longest if longest > 1e-9 else 1.0
    middle_x, middle_y = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    mask = [[0] * 84 for _ in range(84)]
    for stroke in strokes:
        units = [(to_unit(x, middle_x, scale), to_unit(y, middle_y, scale)) for x, y in stroke]
        kept = thin(units)
        for start, end in pairwise(kept if len(kept) > 1 else kept * 2):
            draw_segment(mask, start, end)
    return mask


def to_unit(value: float, middle: float, scale: float) -> int:
    return floor(((value - middle) * scale + 42.0) * 16 + 0.5)


def thin(units: list[Units]) -> list[Units]:
    kept = [units[0]]
    for x, y in units[1:-1]:
        if (x - kept[-1][0]) ** 2 + (y - kept[-1][1]) ** 2 >= 32 * 32:
            kept.append((x, y))
    if units[-1] != kept[-1]:
        kept.append(units[-1])
    return kept


def draw_segment(mask: Mask, start: Units, end: Units) -> None:
    dx, dy = end[0] - start[0], end[1] - start[1]
    length2 = dx * dx + dy * dy
    for row in range(84):
        for column in range(84):
            px, py = column * 16 + 8 - start[0], row * 16 + 8 - start[1]
            along, cross = px * dx + py * dy, px * dy - py * dx
            side = 0 <= along <= length2 and length2 > 0 and cross * cross <= 76 * 76 * length2
            start_cap = px * px + py * py <= 76 * 76
            end_cap = (px - dx) ** 2 + (py - dy) ** 2 <= 76 * 76
            if side or start_cap or end_cap:
                mask[row][column] = 1


def upright(mask: Mask) -> Mask:
    """Section “Frame → `moments-2`”, the shear: 84 rows of 116."""
    ink = [(row, column) for row in range(84) for column in range(84) if mask[row][column]]
    down, across = sum(row for row, _ in ink), sum(column for _, column in ink)
    spread = len(ink) * sum(row * row for row, _ in ink) - down * down
    lean = len(ink) * sum(row * column for row, column in ink) - down * across
    slope = min(max(lean / (2 * max(spread, 1)), -0.5), 0.5)
    sheared = [[0] * 116 for _ in range(84)]
    for row, column in ink:
        place = column + 16 - floor(slope * (row - down / len(ink)) + 0.5)
        if 0 <= place < 116:
            sheared[row][place] = 1
    return sheared


def sample_upright(mask: Mask) -> list[int]:
    """Section “Frame → `moments-2`”: 784 values."""
    return sample(upright(mask))


def sample(mask: Mask) -> list[int]:
    """Section “Frame → `moments-1`”: 784 values, from a mask of 84 rows of any length."""
    row_counts = [sum(row) for row in mask]
    column_counts = [sum(column) for column in zip(*mask, strict=True)]
    centre_y, spread_y = moments(row_counts)
    centre_x, spread_x = moments(column_counts)
    larger, smaller = max(spread_x, spread_y), min(spread_x, spread_y)
    ys = [position(i, centre_y, factor(spread_y, larger, smaller)) for i in range(84)]
    xs = [position(i, centre_x, factor(spread_x, larger, smaller)) for i in range(84)]
    values = []
    for row in range(28):
        for column in range(28):
            total = sum(
                bilinear(mask, y, x) for y in ys[3 * row : 3 * row + 3] for x in xs[3 * column : 3 * column + 3]
            )
            values.append((total * 255 + 294_912) // 589_824)
    return values


def moments(counts: list[int]) -> tuple[float, float]:
    m0 = sum(counts)
    m1 = sum(i * count for i, count in enumerate(counts))
    m2 = sum(i * i * count for i, count in enumerate(counts))
    return m1 / m0, sqrt(m0 * m2 - m1 * m1) / m0


def factor(spread: float, larger: float, smaller: float) -> float:
    target = 18.5 if spread >= larger else 18.5 * sqrt(smaller / max(larger, 1e-9))
    return min(max(target / max(spread, 1e-9), 0.6), 2.0)


def position(i: int, centre: float, enlargement: float) -> int:
    return floor((centre + (i - 41.5) / enlargement) * 256)


def bilinear(mask: Mask, y: int, x: int) -> int:
    """256² times the value of the mask at (x, y), both in 1/256 px; paper outside of it."""
    row, down = divmod(y, 256)
    column, right = divmod(x, 256)
    total = 0
    for i, vertical in ((row, 256 - down), (row + 1, down)):
        for j, horizontal in ((column, 256 - right), (column + 1, right)):
            if 0 <= i < len(mask) and 0 <= j < len(mask[0]):
                total += mask[i][j] * vertical * horizontal
    return total
