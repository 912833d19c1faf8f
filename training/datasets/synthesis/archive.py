"""An archive of synthetic letters, to be imported like any other: the same bytes for the same seed and fonts.

A picture's name says where it comes from: `skeletons/cursive/Ж/00012.png`, `fonts/Caveat/Ж/00031.png`.
"""

import io
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from recognizer.core.alphabet import RUSSIAN
from recognizer.messages import gettext as _
from training.datasets.errors import DatasetError, ImportStoppedError
from training.datasets.synthesis import fonts, hand, pens, skeletons
from training.jobs.progress import CountProgress, unheard

NAME = "synthetic"
PER_LETTER = 100
"""Of the data set that is made at first start."""
MAX_PER_LETTER = 9_000
"""An archive has at most 300,000 files."""
FONT_SHARE = 0.2
KINDS = ("skeletons", "fonts")


def make_archive(
    path: Path,
    *,
    per_letter: int = PER_LETTER,
    letters: str = RUSSIAN,
    seed: int = 0,
    progress: CountProgress = unheard,
    should_stop: Callable[[], bool] = lambda: False,
) -> None:
    """Make letters and write them into a new zip.

    Raises:
        DatasetError: letters that no installed font has, or a number that is not allowed.
        ImportStoppedError: `should_stop` said so.

    """
    if not 1 <= per_letter <= MAX_PER_LETTER:
        raise DatasetError(_("Between 1 and %(limit)d of each letter can be made.") % {"limit": MAX_PER_LETTER})
    with zipfile.ZipFile(path, "x") as archive:
        for done, letter in enumerate(letters):
            if should_stop():
                raise ImportStoppedError
            rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(ord(letter),)))
            for name, picture in _letter(letter, per_letter, rng, letters):
                # A ZipInfo of 1980: no time of day in the bytes.
                archive.writestr(zipfile.ZipInfo(name), _encoded(picture))
            progress((done + 1) * per_letter, len(letters) * per_letter)


def _letter(letter: str, count: int, rng: np.random.Generator, letters: str) -> Iterator[tuple[str, Image.Image]]:
    """Make a letter many times: (name in the archive, picture); one that we have no skeleton of, from fonts alone."""
    from_fonts = count
    if shares := skeletons.shares(letter):
        from_fonts = round(FONT_SHARE * count)
        yield from _numbered("skeletons", letter, _written(shares, count - from_fonts, rng))
    yield from _numbered("fonts", letter, fonts.draw(letter, from_fonts, rng, letters=letters))


def _numbered(kind: str, letter: str, made: Iterable[tuple[str, Image.Image]]) -> Iterator[tuple[str, Image.Image]]:
    for number, (origin, picture) in enumerate(made):
        yield f"{kind}/{origin}/{letter}/{number:05d}.png", picture


def _written(shares: dict[int, float], count: int, rng: np.random.Generator) -> Iterator[tuple[str, Image.Image]]:
    """Write a letter: (style, picture), each skeleton as often as its share says."""
    counts = rng.multinomial(count, list(shares.values()))
    for index, times in zip(shares, counts.tolist(), strict=True):
        if times:
            skeleton = skeletons.skeletons()[index]
            for picture in pens.pictures(hand.write(skeleton, times, rng), rng):
                yield skeleton.style, picture


def _encoded(picture: Image.Image) -> bytes:
    data = io.BytesIO()
    picture.save(data, "PNG", compress_level=1)
    return data.getvalue()


def count_origins(names: Iterable[str]) -> dict[str, int]:
    """Count synthetic pictures by origin (`skeletons/cursive`, `fonts/Caveat`, …), which their names tell."""
    return dict(sorted(Counter(origin for name in names if (origin := origin_of(name))).items()))


def origin_of(name: str) -> str:
    """The origin of a synthetic picture by its name; empty for any other picture."""
    parts = name.split("/")
    return "/".join(parts[:2]) if parts[0] in KINDS and len(parts) == 4 else ""
