"""`python -m benchmarks.browser.pictures`: the pictures of the draw page and the copybook that the docs show.

`--states FOLDER` writes every state of both, on phone and desktop, light and dark, in both languages, to be looked at.
"""

import argparse
import contextlib
import io
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from PIL import Image

from benchmarks.harness import ROOT

IMAGES = ROOT / "docs" / "images"
COLOURS = 128
"""Of a picture in the docs: a quarter of the bytes, and no difference that is seen."""
VIEWPORTS = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1440, "height": 900}}
THEMES, LANGUAGES = ("light", "dark"), ("en", "ru")
ON_SHEET, ON_LINES = (0.78, 0.56), (0.7, 0.48)
"""Where a capital letter stands, and how high it is: on the draw page's sheet, between the copybook's lines."""
STEPS = 3
"""Moves of the mouse between two points of a path."""
Strokes = Sequence[Sequence[tuple[float, float]]]


@dataclass(frozen=True)
class Look:
    """A screen, a theme and a language."""

    screen: str
    theme: str
    language: str

    @property
    def name(self) -> str:
        """For a file."""
        return f"{self.screen}-{self.theme}-{self.language}"


LOOKS = tuple(Look(*each) for each in product(VIEWPORTS, THEMES, LANGUAGES))
SHOWN = {
    "draw.png": (Look("desktop", "light", "en"), "settled"),
    "draw-dark.png": (Look("phone", "dark", "ru"), "settled"),
    "draw-saw.png": (Look("desktop", "light", "en"), "saw"),
    "copybook.png": (Look("desktop", "dark", "en"), "told"),
}
"""Of each picture in the docs, how the page looks in it, and in which state it is."""


def letter_strokes(letter: str, where: tuple[float, float] = ON_SHEET, *, without: int = 0) -> Strokes:
    """A letter as the copybook teaches it, on the sheet; the last elements may be left out."""
    from copybook.alphabets import letters
    from copybook.paths import paths

    (taught,) = (each for each in letters() if each.letter == letter and each.alphabet == "printed_capital")
    elements = [path.tolist() for path in paths(taught)]
    places = [x for path in elements for x, _y in path]
    base, scale = where[0], where[1] / 100
    left = 0.5 - scale * (min(places) + max(places)) / 2
    kept = elements[: len(elements) - without]
    return [[(left + scale * x, base - scale * (100 - y)) for x, y in path] for path in kept]


def write(page: Any, strokes: Strokes, sheet: str = "#draw", *, lift: bool = True) -> None:
    """Draw with the mouse."""
    box = page.locator(f"{sheet} canvas").first.bounding_box()
    for number, points in enumerate(strokes, 1):
        places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
        page.mouse.move(*places[0])
        page.mouse.down()
        for place in places[1:]:
            page.mouse.move(*place, steps=STEPS)
        if lift or number < len(strokes):
            page.mouse.up()


def draw_states(page: Any, url: str) -> Iterator[str]:
    """Bring the draw page into one state after the other."""
    with page.expect_response("**/*.npz"):
        page.goto(url)
    page.wait_for_selector("#draw[data-listening]")
    yield "empty"
    write(page, letter_strokes("Ж")[:2], lift=False)
    page.wait_for_selector("#reading[data-state=growing]")
    yield "growing"
    page.mouse.up()
    _clear(page)
    _settled(page, letter_strokes("Ж"))
    yield "settled"
    page.locator("#saw summary").first.click()
    page.wait_for_selector(".saw-panel[data-state=shown], .saw-panel .layers canvas")
    page.locator(".saw-change figure").nth(2).wait_for()
    page.wait_for_timeout(1_500)  # what is near is asked of the server
    yield "saw"
    page.goto(url)
    page.wait_for_selector("#draw[data-listening]")
    _clear(page)
    _settled(page, letter_strokes("З"))
    yield "twin"
    page.locator("#correcting-letter").select_option("Э")
    page.locator("[data-part=confirm]").click()
    page.wait_for_selector("[data-part=kept]:visible")
    yield "corrected"
    _clear(page)
    _settled(page, [[(0.2 + 0.6 * (step * 7 % 10) / 9, 0.2 + 0.6 * (step * 3 % 8) / 7) for step in range(24)]])
    yield "refused"


def _clear(page: Any) -> None:
    page.locator("#draw canvas").first.focus()
    page.keyboard.press("Escape")


def _settled(page: Any, strokes: Strokes) -> None:
    write(page, strokes)
    page.wait_for_selector("#reading[data-state=read]")
    page.wait_for_timeout(800)


def copybook_states(page: Any, url: str) -> Iterator[str]:
    """Bring the copybook into one state after the other."""
    page.goto(f"{url}copybook/?alphabet=printed_capital&letter=Й")
    page.wait_for_selector("#copybook[data-listening]")
    yield "shown"
    page.locator("#copybook [data-part=check]").scroll_into_view_if_needed()
    write(page, letter_strokes("Й", ON_LINES, without=1), "#copybook")
    page.locator("#copybook [data-part=check]").click()
    page.wait_for_selector("#copybook [data-part=result]:not([data-verdict=''])")
    yield "told"


@contextlib.contextmanager
def _opened(look: Look) -> Iterator[Any]:
    """A page that looks so."""
    from benchmarks.browser.chromium import chromium

    with chromium() as browser:
        viewport: Any = VIEWPORTS[look.screen]
        theme: Any = look.theme
        context = browser.new_context(
            locale=look.language,
            color_scheme=theme,
            viewport=viewport,
            reduced_motion="reduce",
            service_workers="block",
        )
        context.set_default_timeout(120_000)
        yield context.new_page()


def every_state(url: str, folder: Path, looks: Sequence[Look] = LOOKS) -> None:
    """Write all states in all looks."""
    folder.mkdir(parents=True, exist_ok=True)
    for look in looks:
        with _opened(look) as page:
            for section, states in (("draw", draw_states(page, url)), ("copybook", copybook_states(page, url))):
                for state in states:
                    page.screenshot(path=folder / f"{section}-{state}-{look.name}.png", full_page=True)


def for_the_docs(url: str) -> None:
    """Write the pictures that the docs show."""
    for name, (look, wanted) in SHOWN.items():
        with _opened(look) as page:
            states = copybook_states(page, url) if name.startswith("copybook") else draw_states(page, url)
            _ = next(state for state in states if state == wanted)
            save(page.screenshot(full_page=wanted == "saw"), IMAGES / name)


def save(png: bytes, path: Path) -> None:
    """Write a picture with few colours."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


def main() -> int:
    """Run it."""
    from benchmarks.command import set_up
    from benchmarks.server import running

    parser = argparse.ArgumentParser(prog="python -m benchmarks.browser.pictures", description=__doc__)
    parser.add_argument("--states", type=Path, metavar="FOLDER", help="write every state instead, to be looked at")
    options = parser.parse_args()
    with running() as server:
        set_up(Path(server.environment["PROPIS_VAR"]))
        url = f"http://127.0.0.1:{server.port}/"
        if options.states:
            every_state(url, options.states)
        else:
            for_the_docs(url)
    return 0


if __name__ == "__main__":
    sys.exit(main())
