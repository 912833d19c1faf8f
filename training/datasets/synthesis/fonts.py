"""The Cyrillic fonts that Python packages ship, and letters drawn from them.

The fonts are those of matplotlib and of every installed package that offers fonts by the entry points `fonts_ttf` or
`fontpkg.family`. Only those are taken that really have every letter; a font of placeholders draws one box for all.
"""

import importlib.metadata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from recognizer.core.alphabet import RUSSIAN
from recognizer.messages import gettext as _
from training.datasets.errors import DatasetError

HANDWRITTEN = ("Caveat", "Lobster", "Pacifico")
"""Families whose letters look written by hand."""
HANDWRITTEN_WEIGHT = 3.0
"""How often such a family is taken, beside 1 for any other."""
SMALL = 0.3
"""Share of small letters."""
SIDE = 80
"""Side of a picture in pixels."""
FONT_SIZE = 48
ROTATION, SHEAR, LOG_SCALE = 0.12, 0.15, 0.15
"""Standard deviations of the jitter: radians, horizontal shear, logarithm of the scale along each axis."""
THICKEST = 2
"""Pixels by which an outline is thickened at most."""


@lru_cache(maxsize=8)
def font_files(letters: str = RUSSIAN) -> tuple[Path, ...]:
    """Return the installed fonts that have every one of these letters, by name."""
    return tuple(sorted({path for path in _installed() if _has_all(path, letters)}, key=lambda path: path.name))


def families(letters: str = RUSSIAN) -> dict[str, tuple[Path, ...]]:
    """Return the fonts that have these letters, by family.

    Raises:
        DatasetError: no installed font has them.

    """
    found: dict[str, tuple[Path, ...]] = {}
    for path in font_files(letters):
        family = path.stem.split("-")[0].split("[")[0]
        found[family] = (*found.get(family, ()), path)
    if not found:
        raise DatasetError(_("No installed font has all the letters %(letters)s.") % {"letters": letters})
    return found


def draw(
    letter: str, count: int, rng: np.random.Generator, *, letters: str = RUSSIAN, small: float = SMALL
) -> Iterator[tuple[str, Image.Image]]:
    """Draw a letter many times, this share of them small ones: (family, picture), dark on light.

    Raises:
        DatasetError: no installed font has the letters of this class set.

    """
    by_family = families(letters)
    names = list(by_family)
    weights = np.array([HANDWRITTEN_WEIGHT if name in HANDWRITTEN else 1.0 for name in names])
    for number in rng.choice(len(names), count, p=weights / weights.sum()).tolist():
        files = by_family[names[number]]
        font = _loaded(files[int(rng.integers(len(files)))])
        yield names[number], _draw(letter.lower() if rng.random() < small else letter, font, rng)


def _installed() -> Iterator[Path]:
    import matplotlib  # takes 0.1 s, and this is only asked when letters are drawn

    yield from Path(matplotlib.get_data_path(), "fonts", "ttf").glob("*.ttf")
    for entry_point in importlib.metadata.entry_points(group="fonts_ttf"):
        files: Mapping[str, str] = entry_point.load()  # by the font's name
        yield from (Path(file) for file in files.values())
    for entry_point in importlib.metadata.entry_points(group="fontpkg.family"):
        yield from Path(entry_point.load().ROOT, "files").glob("*.ttf")


def _has_all(path: Path, letters: str) -> bool:
    from matplotlib.ft2font import FT2Font  # as above

    wanted = letters + letters.lower()
    if not set(map(ord, wanted)) <= set(FT2Font(str(path)).get_charmap()):
        return False
    font = ImageFont.truetype(path, FONT_SIZE // 2)
    compared = set(letters) | {"А", "Б"}  # a font of placeholders draws the same box for these
    return len({bytes(font.getmask(letter)) for letter in compared}) == len(compared)


@lru_cache(maxsize=128)
def _loaded(path: Path) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, FONT_SIZE)


def _draw(letter: str, font: ImageFont.FreeTypeFont, rng: np.random.Generator) -> Image.Image:
    """Draw one letter, dark on light, in the middle, then turn, slant and stretch it."""
    paper = Image.new("L", (SIDE, SIDE), 255)
    middle = (SIDE / 2, SIDE / 2)
    thickness = int(rng.integers(THICKEST + 1))
    ImageDraw.Draw(paper).text(middle, letter, fill=0, font=font, anchor="mm", stroke_width=thickness)
    return paper.transform(paper.size, Image.Transform.AFFINE, _jitter(rng), Image.Resampling.BICUBIC, fillcolor=255)


def _jitter(rng: np.random.Generator) -> tuple[float, ...]:
    """Return Pillow's six numbers (output → input pixel) of a random linear map about the middle."""
    angle, shear = rng.normal(0, ROTATION), rng.normal(0, SHEAR)
    scale = np.exp(-rng.normal(0, LOG_SCALE, 2))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    linear = np.diag(scale) @ np.array([[1.0, shear], [0.0, 1.0]]) @ turn
    shift = (np.eye(2) - linear) @ np.full(2, SIDE / 2)
    a, b, d, e = linear.ravel().tolist()
    return (a, b, float(shift[0]), d, e, float(shift[1]))
