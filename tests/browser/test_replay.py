"""Real pictures as pen strokes all over the sheet: the page reads them as well as `evaluate` reads the pictures.

`make replay` draws more of them, each in every manner, and holds every size, place, pointer and width to its threshold.
"""

import json
import os
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page

from benchmarks.materials.replayed import STRETCH, Manner, Strokes, everywhere, traced
from recognizer.core.alphabet import RUSSIAN
from tests.browser.writing import several, written
from tests.product import Product
from training.datasets.content.splitting import Split
from training.datasets.storage.picture_files import Index

PER_LETTER = int(os.environ.get("PROPIS_REPLAY_PER_LETTER", "3"))
MOST_BELOW = 0.03


def chosen(product: Product, archive: Path) -> list[tuple[str, str]]:
    """Letters and names of test pictures, the same ones every time: `PER_LETTER` of each letter."""
    imported = product.manage_json("import_dataset", str(archive), "--name", "comnist")
    index = Index.load(product.var / "datasets" / str(imported["id"]))
    rng = np.random.default_rng(2024)
    picked = []
    for label, letter in enumerate(RUSSIAN):
        places = np.flatnonzero((index.labels == label) & (index.splits == Split.TEST))
        picked += [(letter, index.names[int(place)]) for place in rng.choice(places, PER_LETTER, replace=False)]
    return picked


@pytest.mark.realdata
@pytest.mark.processor_seconds(900)
@pytest.mark.xdist_group("shared product")
def test_drawings_are_read_as_well_as_pictures(
    page: Page, shared_product: Product, real_archives: Path, tmp_path: Path
) -> None:
    product, source = shared_product, real_archives / "comnist-cyrillic.zip"
    picked = chosen(product, source)
    same = tmp_path / "same.zip"
    page.goto(product.url)
    page.wait_for_selector("#draw[data-listening]")
    drawings: list[Strokes] = []
    manners = [*everywhere(), Manner(width=STRETCH), Manner(width=1 / STRETCH)]
    with zipfile.ZipFile(source) as archive, zipfile.ZipFile(same, "x") as copy:
        for _letter, name in picked:
            png = archive.read(name)
            copy.writestr(name, png)
            drawings.append(manners[len(drawings) % len(manners)].place(traced(png)))
    misread: Counter[str] = Counter()
    shown_of = written(several(page), drawings, pointer="mouse", frame=16)
    for (letter, _name), drawing, shown in zip(picked, drawings, shown_of, strict=True):
        assert (shown.state, shown.strokes) == ("read", len(drawing))
        if shown.letter != letter:
            misread[f"{letter}→{shown.letter}"] += 1
    by_page = 1 - misread.total() / len(picked)
    scored = json.loads(product.manage("evaluate", str(same), "--json").stdout)
    print(f"{len(picked)} drawings: page {by_page:.2%}, evaluate {scored['accuracy']:.2%}, misread {misread}")
    assert scored["images"] == len(picked) == PER_LETTER * len(RUSSIAN)
    assert by_page >= scored["accuracy"] - MOST_BELOW, misread
