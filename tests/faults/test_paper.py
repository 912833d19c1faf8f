"""A reading of scans that is killed at any moment goes on: results of the same bytes, no page twice, no stray file."""

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks.paper.filled_sheets import fill_in
from recognizer.core.alphabet import RUSSIAN
from tests.faults.recipes import shell
from tests.product import Product
from tests.recognizer.pages import made

pytestmark = pytest.mark.processor_seconds(300)
CHECK = """
from tests.faults.killed_readings import check_command, check_job, make_ready
make_ready()
print([check_job("pages", {pages!r}, 3), check_job("sheets", {sheets!r}, 4), check_command({pages!r}, {results!r}, 5)])
"""
"""One process for all: it takes seconds until one can read a page."""
FEWEST = 4
"""Moments at which each is killed at least."""


@cache
def page() -> bytes:
    """A small page of letters, quickly read."""
    return made.png(np.asarray(Image.fromarray(made.sheet().greys[:900]).resize((1000, 450)), np.uint8))


@cache
def filled_sheet() -> bytes:
    """A collection sheet with a letter in each box."""
    letters = tuple(picture for picture in made.letters(RUSSIAN) for _copy in range(3))
    return made.png(fill_in(letters, np.random.default_rng(2), writer=123_456, page=0).greys)


def scans(folder: Path, **files: bytes) -> Path:
    """A folder with some scans and a file that is none."""
    folder.mkdir()
    for name, data in (files | {"none": b"no picture"}).items():
        (folder / f"{name}.png").write_bytes(data)
    return folder


def test_readings_whose_process_is_killed_end_as_undisturbed_ones(migrated: Product, tmp_path: Path) -> None:
    pages = scans(tmp_path / "pages", first=page(), second=page())
    sheets = scans(tmp_path / "sheets", sheet=filled_sheet())
    results = tmp_path / "results"
    results.mkdir()
    moments = json.loads(shell(migrated, CHECK.format(pages=str(pages), sheets=str(sheets), results=str(results))))
    assert min(moments) >= FEWEST, moments
