"""Every public page and the main ones of the admin, on contact sheets: see tests/browser/gallery.py.

The pages are those of the URL resolver, so that a new one is among them. A product that has done some work, with rows
of every kind beside it, is started for it. Each sheet is one look of who has signed in or not: phone or desktop, light
or dark, English or Russian.
"""

import argparse
import io
import sys
import tempfile
from collections.abc import Mapping
from itertools import product as combined
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, ViewportSize

from benchmarks.browser.chromium import chromium
from tests.browser.conftest import WEB, started
from tests.browser.pages import Pages, fill
from tests.browser.test_axe import DESKTOP, PHONE
from tests.walk import sign_in

SIZES: Mapping[str, ViewportSize] = {"phone": PHONE, "desktop": DESKTOP}
WHO = ("visitor", "administrator")
ADMIN = (
    "",
    "recognizer/drawing/",
    "recognizer/storedmodel/",
    "runs/run/add/",
    "datasets/datasetimport/add/",
    "keeping/backup/",
)
"""Lists and forms that look unlike each other."""
LOOKS = ["-".join(words) for words in combined(SIZES, ("light", "dark"), ("en", "ru"))]
WIDTHS = {"phone": 260, "desktop": 480}
"""Of a page on a sheet, in pixels."""
COLUMNS = {"phone": 8, "desktop": 5}
TALLEST = 2.5
"""A page that is higher than this many windows is cut."""
GAP, NAME = 12, 18
WORK = "from tests.browser import work_done; work_done.do()"
LONGEST = 1800.0
"""Seconds for that work on a busy machine."""
SETTLED = 400
"""Milliseconds for charts to be drawn: a picture of a page waits, nothing else does."""


def shots(browser: Browser, pages: Pages, who: str, look: str, only: str) -> dict[str, Image.Image]:
    """A picture of each page in a look, by its name; of the admin's pages too where somebody has signed in."""
    size, theme, language = look.split("-")
    options: dict[str, Any] = {"viewport": SIZES[size], "color_scheme": theme, "locale": language}
    context = browser.new_context(**options, reduced_motion="reduce", service_workers="block")
    page = context.new_page()
    wanted = dict(pages.addresses)
    if who == WHO[1]:
        sign_in(page, pages.product)
        wanted |= {f"admin/{path}": f"{pages.product.url}/admin/{path}" for path in ADMIN}
    taken = {name: _shot(page, url) for name, url in wanted.items() if only in name}
    context.close()
    return taken


def _shot(page: Page, url: str) -> Image.Image:
    page.goto(url)
    page.wait_for_timeout(SETTLED)
    picture = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
    window = page.viewport_size or PHONE
    return picture.crop((0, 0, picture.width, min(picture.height, int(TALLEST * window["height"]))))


def sheet(pictures: Mapping[str, Image.Image], size: str) -> Image.Image:
    """All pictures on one, in columns of equal width, each with its name above it."""
    width, count = WIDTHS[size], COLUMNS[size]
    small = {name: each.resize((width, each.height * width // each.width)) for name, each in pictures.items()}
    heights, places = [GAP] * count, {}
    for name, each in small.items():
        column = heights.index(min(heights))
        places[name] = (GAP + column * (width + GAP), heights[column])
        heights[column] += each.height + NAME + GAP
    whole = Image.new("RGB", (GAP + count * (width + GAP), max(heights)), "white")
    pen = ImageDraw.Draw(whole)
    for name, (left, top) in places.items():
        pen.text((left, top), name, "black")
        whole.paste(small[name], (left, top + NAME))
    return whole


def main() -> None:
    """Write the sheets that are asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.browser.gallery", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the sheets go")
    parser.add_argument("--look", action="append", choices=LOOKS, help="one look; may be repeated (default: all)")
    parser.add_argument("--who", action="append", choices=WHO, help="signed in or not (default: both)")
    parser.add_argument("--only", default="", metavar="WORD", help="only pages with this in their name, such as runs")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as state, started(Path(state), *WEB) as product, chromium() as browser:
        product.manage("shell", "--no-imports", "-c", WORK, timeout=LONGEST)
        pages = fill(product)
        for who, look in combined(asked.who or WHO, asked.look or LOOKS):
            pictures = shots(browser, pages, who, look, asked.only)
            file = asked.folder / f"{who}-{look}.png"
            if pictures:
                sheet(pictures, look.split("-")[0]).save(file)
                sys.stdout.write(f"{file}: {len(pictures)} pages\n")
