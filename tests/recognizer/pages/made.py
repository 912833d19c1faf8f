"""Photographs of synthetic letters, which tests read."""

import io
import zipfile
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.paper.photographs import Photograph, photograph
from benchmarks.paper.sheets_of_letters import LettersOnSheet, write_sheet
from training.datasets import synthesis

Greys = NDArray[np.uint8]
TEXT = "БВГДЕЖЗИКЛФЦШЩЭЮЯЧУРЫЬЪЙ"
"""Letters none of which looks the same upside down."""


HEIC = Path(__file__).with_name("page.heic")
"""`sheet()`, 1,000 px long; no package that we have writes such files."""


@cache
def letters(text: str = TEXT) -> tuple[Greys, ...]:
    """A synthetic picture of each letter of a text."""
    with TemporaryDirectory() as folder:
        archive = Path(folder) / "letters.zip"
        synthesis.make_archive(archive, per_letter=2, seed=5)
        with zipfile.ZipFile(archive) as file:
            names = {name.split("/")[-2]: name for name in file.namelist() if name.endswith(".png")}
            return tuple(np.asarray(Image.open(io.BytesIO(file.read(names[each]))).convert("L")) for each in text)


@cache
def sheet(paper: str = "plain", seed: int = 1) -> LettersOnSheet:
    """Letters on paper, eight in a line."""
    return write_sheet(letters(), np.random.default_rng(seed), paper=paper, per_line=8)


@cache
def photographed(paper: str = "plain", *, seed: int = 1, upside_down: bool = False) -> Photograph:
    """A photograph of them."""
    return photograph(sheet(paper, seed).greys, np.random.default_rng(seed), upside_down=upside_down)


def png(greys: Greys) -> bytes:
    """A picture as a file."""
    file = io.BytesIO()
    Image.fromarray(greys).save(file, "PNG")
    return file.getvalue()
