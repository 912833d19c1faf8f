"""`python -m tests.browser.readme_pictures URL --run N --sweep M`: pictures of pages, for docs/images.

URL is a product that is running, with a model of the shipped ones in service; N is the training that is shown, M the
sweep.
"""

import argparse
import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
from PIL import Image
from playwright.sync_api import Browser, Page

from benchmarks.browser.chromium import chromium
from tests.product import ROOT

FOLDER = ROOT / "docs" / "images"
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
DRAWN, TAUGHT, WORD = "Ж", "Й", "Пропись"
GAP = 0.12
"""Between the letters of a word, as a part of their height."""
PATIENCE = 120_000
"""Milliseconds for what a network has to compute on a busy machine."""
COLOURS = 128
"""Of a file: enough for a page, and a third of its bytes."""
SETTLED = 600
"""Milliseconds for charts and the last picture of a letter to be drawn."""


def main() -> None:
    """Make all of them."""
    parser = argparse.ArgumentParser(prog="python -m tests.browser.readme_pictures", description=__doc__)
    parser.add_argument("url", help="where the product runs, such as http://127.0.0.1:8000")
    parser.add_argument("--run", type=int, default=1, help="the training that is shown (default: 1)")
    parser.add_argument("--sweep", type=int, default=1, help="the sweep that is shown (default: 1)")
    parser.add_argument("--only", action="append", metavar="NAME", help="one picture, such as word; may be repeated")
    asked = parser.parse_args()
    url = asked.url.rstrip("/")
    looks: dict[str, tuple[dict[str, Any], Callable[[Page], None]]] = {
        "draw": (_look(DESKTOP, "light", "en"), lambda page: _letter(page, url)),
        "draw-dark": (_look(PHONE, "dark", "ru"), lambda page: _letter(page, url)),
        "word": (_look(DESKTOP, "light", "en"), lambda page: _word(page, url)),
        "draw-saw": (_look(DESKTOP, "light", "en"), lambda page: _saw(page, url)),
        "copybook": (_look(DESKTOP, "dark", "en"), lambda page: _copybook(page, url)),
        "run": (_look(DESKTOP, "dark", "en"), lambda page: _charts(page, f"{url}/runs/{asked.run}/")),
        "sweep": (_look(DESKTOP, "light", "en"), lambda page: _charts(page, f"{url}/sweeps/{asked.sweep}/")),
    }
    with chromium() as browser:
        for name in asked.only or looks:
            look, show = looks[name]
            _take(browser, look, show, FOLDER / f"{name}.png")


def _look(viewport: dict[str, int], theme: str, language: str) -> dict[str, Any]:
    return {"viewport": viewport, "color_scheme": theme, "locale": language, "reduced_motion": "reduce"}


def _take(browser: Browser, look: dict[str, Any], show: Callable[[Page], None], file: Path) -> None:
    context = browser.new_context(**look, service_workers="block")
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    show(page)
    page.wait_for_timeout(SETTLED)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(COLOURS).save(file, optimize=True)
    context.close()


def _letter(page: Page, url: str) -> None:
    from tests.browser.test_draw import draw  # it needs the settings

    page.goto(url)
    page.wait_for_selector("#draw[data-listening]")
    draw(page, _strokes("printed_capital", DRAWN))


def _saw(page: Page, url: str) -> None:
    _letter(page, url)
    page.locator("#saw > summary").click()
    page.wait_for_selector(".saw-panel[data-told=all]")
    page.locator("#saw").evaluate("(panel) => panel.scrollIntoView()")


def _word(page: Page, url: str) -> None:
    from tests.browser.test_words import WRITE

    page.goto(url)
    page.wait_for_selector("#draw[data-listening]")
    page.locator("#draw [data-sheet-switch] [value=word]").click()
    page.wait_for_selector("#word")
    page.evaluate(WRITE, [_word_strokes(), "pen"])
    page.wait_for_selector("#word[data-state=read]")


def _copybook(page: Page, url: str) -> None:
    from tests.browser.test_copybook import check, write

    page.goto(f"{url}/copybook/?alphabet=printed_capital&letter={TAUGHT}")
    page.wait_for_selector("#copybook[data-listening]")
    write(page, _strokes("printed_capital", TAUGHT)[:-1])
    check(page, "missing")


def _charts(page: Page, url: str) -> None:
    page.goto(url)
    page.wait_for_selector(".chart canvas")


def _strokes(alphabet: str, letter: str) -> list[list[tuple[float, float]]]:
    from tests.browser.test_copybook import strokes_of

    return strokes_of(alphabet, letter)


def _word_strokes() -> list[list[list[float]]]:
    """The letters of the word one after the other, as parts of the wide sheet's width."""
    from tests.browser.test_words import placed

    strokes: list[list[list[float]]] = []
    left = 0.0
    for place, letter in enumerate(WORD):
        drawn = _strokes("printed_small" if place else "printed_capital", letter)
        edges = [x for stroke in drawn for x, _y in stroke]
        strokes += [[[1000 * (x - min(edges) + left), 1000 * y] for x, y in stroke] for stroke in drawn]
        left += max(edges) - min(edges) + GAP
    return placed(strokes)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hwrsite.settings")
    django.setup()
    main()
