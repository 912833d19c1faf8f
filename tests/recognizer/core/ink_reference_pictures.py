"""docs/ink.md, section “Pictures”, pixel by pixel in plain Python; see ink_reference.py."""

from itertools import product
from math import ceil, floor

from tests.recognizer.core.ink_reference import Mask

PI = 3.141592653589793
ROOT_2 = 1.4142135623730951


def mask_of(greys: Mask) -> Mask:
    """Steps 2 and 3: which pixels of a grey picture are ink."""
    height, width = len(greys), len(greys[0])
    paper = border_median(greys)
    ordered = sorted(grey for row in greys for grey in row)
    rank = 1 + height * width // 4096
    dark, light = ordered[rank - 1], ordered[-rank]
    if light - paper > paper - dark:
        greys = [[255 - grey for grey in row] for row in greys]
        paper, dark = 255 - paper, 255 - light
    if paper - dark < 12:
        return [[0] * width for _ in range(height)]
    half = (paper + dark + 1) // 2
    darker = [grey for row in greys for grey in row if grey < half]
    threshold = (paper + sum(darker) // len(darker) + 1) // 2
    return [[int(grey < threshold) for grey in row] for row in greys]


def border_median(greys: Mask) -> int:
    band = max(1, min(len(greys), len(greys[0])) // 16)
    rows = greys[:band] + greys[band:][-band:]
    columns = [row[:band] + row[band:][-band:] for row in greys]
    border = sorted(grey for line in rows + columns for grey in line)
    return border[(len(border) - 1) // 2]


def frame_of(mask: Mask) -> Mask:
    """Steps 4 to 8: a mask with ink brought into the frame."""
    if max(len(mask), len(mask[0])) > 100:
        mask = reduced(mask)
    pen = thickness(mask)
    mask = without_specks(mask, pen)
    top, bottom, left, right = box(mask)
    longest = max(bottom - top, right - left)
    scale = min((66.0 - 9.5) / max(longest - pen, 1e-9), 66.0 / longest)
    rows, columns = sources(top, bottom, scale), sources(left, right, scale)
    frame = [[int(any(mask[y][x] for y in ys for x in xs)) for xs in columns] for ys in rows]
    return dilated(frame, (9.5 - (pen * scale + max(0.0, 1 - scale))) / 2)


def box(mask: Mask) -> tuple[int, int, int, int]:
    rows = [y for y, row in enumerate(mask) if any(row)]
    columns = [x for x, column in enumerate(zip(*mask, strict=True)) if any(column)]
    return rows[0], rows[-1] + 1, columns[0], columns[-1] + 1


def reduced(mask: Mask) -> Mask:
    top, bottom, left, right = box(mask)
    step = ceil(max(bottom - top, right - left) / 100)
    return [
        [
            int(any(any(row[x : min(x + step, right)]) for row in mask[y : min(y + step, bottom)]))
            for x in range(left, right, step)
        ]
        for y in range(top, bottom, step)
    ]


def thickness(mask: Mask) -> float:
    ink = {(y, x) for y, row in enumerate(mask) for x, value in enumerate(row) if value}

    def crossings(dy: int, dx: int) -> int:
        return sum((y + dy, x + dx) not in ink for y, x in ink) + sum((y - dy, x - dx) not in ink for y, x in ink)

    straight = crossings(0, 1) + crossings(1, 0)
    diagonal = crossings(1, 1) + crossings(1, -1)
    return 2 * len(ink) / ((straight + diagonal / ROOT_2) * PI / 8)


def without_specks(mask: Mask, pen: float) -> Mask:
    if pen <= 2:
        return mask
    reach = floor(pen)

    def around(y: int, x: int) -> int:
        rows = mask[max(0, y - reach) : y + reach + 1]
        return sum(sum(row[max(0, x - reach) : x + reach + 1]) for row in rows)

    cleaned = [
        [int(value and around(y, x) >= pen * pen / 4) for x, value in enumerate(row)] for y, row in enumerate(mask)
    ]
    return cleaned if any(map(any, cleaned)) else mask


def sources(low: int, high: int, scale: float) -> list[list[int]]:
    starts = [floor((low + high) / 2 + (u - 42.0) / scale) for u in range(85)]
    lines = [range(starts[u], max(starts[u] + 1, starts[u + 1])) for u in range(84)]
    return [[line for line in each if low <= line < high] for each in lines]


def dilated(frame: Mask, radius: float) -> Mask:
    radius = min(max(radius, 0.0), 5.0) + 0.5
    if radius < 1:
        return frame
    limit = floor(radius * radius)
    offsets = [(dy, dx) for dy, dx in product(range(-5, 6), repeat=2) if dy * dy + dx * dx <= limit]
    grown = [[0] * 84 for _ in range(84)]
    for y, x in product(range(84), repeat=2):
        if frame[y][x]:
            for dy, dx in offsets:
                if 0 <= y + dy < 84 and 0 <= x + dx < 84:
                    grown[y + dy][x + dx] = 1
    return grown
