"""Letters drawn from the Cyrillic fonts that Python packages ship: a small data set for newcomers and tests.

The fonts are those of matplotlib and of every installed package that offers fonts by the entry point `fonts_ttf`.
Only those are taken that really have every letter; a font of placeholders draws the same box for each.
"""

import importlib.metadata
import io
import zipfile
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from recognizer.core.alphabet import RUSSIAN
from training.datasets.errors import DatasetError
from training.datasets.models import Dataset, DatasetImport, Origin
from training.jobs import lifecycle

NAME = "fonts"
PER_LETTER = 100
SIDE = 80
"""Side of a picture in pixels."""
FONT_SIZE = 48
ROTATION, SHEAR, LOG_SCALE = 0.12, 0.15, 0.15
"""Standard deviations of the jitter: radians, horizontal shear, logarithm of the scale along each axis."""
THICKEST = 2
"""Pixels by which an outline is thickened at most."""


def make_archive(path: Path, *, per_letter: int = PER_LETTER, letters: str = RUSSIAN, seed: int = 0) -> None:
    """Draw letters into a new zip with a folder for each letter, the same bytes for the same seed and fonts.

    Raises:
        DatasetError: no installed font has these letters.

    """
    fonts = font_files(letters)
    if not fonts:
        raise DatasetError(f"No installed font has all the letters {letters}.")
    rng = np.random.default_rng(seed)
    with zipfile.ZipFile(path, "x") as archive:
        for name, data in _pictures(fonts, letters, per_letter, rng):
            archive.writestr(zipfile.ZipInfo(name), data)  # a ZipInfo of 1980: no time of day in the bytes


def queue_first_dataset() -> bool:
    """Queue the making of this data set where there is no data set yet, nor any import; tell whether that was done."""
    if Dataset.objects.exists() or DatasetImport.objects.exists():
        return False
    lifecycle.enqueue(DatasetImport(name=NAME, origin=Origin.FONTS))
    return True


@lru_cache(maxsize=8)
def font_files(letters: str = RUSSIAN) -> tuple[Path, ...]:
    """Return the installed fonts that have every one of these letters, by name."""
    return tuple(sorted({path for path in _installed() if _has_all(path, letters)}, key=lambda path: path.name))


def _installed() -> Iterator[Path]:
    import matplotlib  # takes 0.1 s, and this is only asked when the data set is drawn

    yield from Path(matplotlib.get_data_path(), "fonts", "ttf").glob("*.ttf")
    for entry_point in importlib.metadata.entry_points(group="fonts_ttf"):
        files: Mapping[str, str] = entry_point.load()  # by the font's name
        yield from (Path(file) for file in files.values())


def _has_all(path: Path, letters: str) -> bool:
    from matplotlib.ft2font import FT2Font  # as above

    if not set(map(ord, letters)) <= set(FT2Font(str(path)).get_charmap()):
        return False
    font = ImageFont.truetype(path, FONT_SIZE // 2)
    compared = set(letters) | {"А", "Б"}  # a font of placeholders draws the same box for these
    return len({bytes(font.getmask(letter)) for letter in compared}) == len(compared)


def _pictures(
    fonts: tuple[Path, ...], letters: str, per_letter: int, rng: np.random.Generator
) -> Iterator[tuple[str, bytes]]:
    loaded = [ImageFont.truetype(path, FONT_SIZE) for path in fonts]
    for letter in letters:
        for number in range(per_letter):
            which = int(rng.integers(len(loaded)))
            data = io.BytesIO()
            _draw(letter, loaded[which], rng).save(data, "PNG")
            yield f"{letter}/{number:04d}-{fonts[which].stem}.png", data.getvalue()


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
