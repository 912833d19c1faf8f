"""Try the draw page in one engine: `python -m benchmarks.engines.drive ENGINE URL PICTURE` prints what came of it."""

import itertools
import json
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.engines.drivers import ENGINES, Driver, Point

PATIENCE = 120.0
"""Seconds for what comes at once where the machine has nothing else to do."""
BAR, STEM, DOT = [(0.2, 0.2), (0.8, 0.2)], [(0.5, 0.2), (0.5, 0.8)], [(0.5, 0.5), (0.5, 0.5)]
PLACE = "const { x, y, width, height } = document.querySelector('canvas').getBoundingClientRect();\
 return [x, y, width, height];"
PAGE = "document.getElementById('draw').dataset"
READING = "document.getElementById('reading').dataset"


def wait(driver: Driver, expression: str, wanted: Any) -> None:
    """Until an expression of the page has that value. Raises AssertionError with the value that it has."""
    end = time.monotonic() + PATIENCE
    while (found := _value(driver, expression)) != wanted:
        if time.monotonic() > end:
            raise AssertionError(f"{expression} is {found!r}, not {wanted!r}")
        time.sleep(0.05)


def _value(driver: Driver, expression: str) -> Any:
    """What an expression is on the page; between two pages there is none."""
    try:
        return driver.run(f"return {expression};")
    except Exception as error:
        return str(error)


def click(driver: Driver, selector: str) -> None:
    """Click as a script does."""
    driver.run("document.querySelector(given[0]).click();", selector)


def stroke(driver: Driver, points: Sequence[Point]) -> None:
    """Draw a line on the sheet, in parts of it (0…1), in steps as a hand does."""
    x, y, width, height = driver.run(PLACE)
    steps = [
        (x + width * (a + (c - a) * step / 8), y + height * (b + (d - b) * step / 8))
        for (a, b), (c, d) in itertools.pairwise(points)
        for step in range(9)
    ]
    driver.drag(steps)


def opens(driver: Driver, url: str, _picture: str) -> None:
    """The page listens."""
    driver.go(url)
    wait(driver, f"'listening' in {PAGE}", wanted=True)


def draws(driver: Driver, _url: str, _picture: str) -> None:
    """Two strokes are on the sheet, and its canvas has ink."""
    stroke(driver, BAR)
    stroke(driver, STEM)
    wait(driver, f"{PAGE}.strokes", "2")
    script = "const canvas = document.querySelector('canvas'); const { data } = canvas.getContext('2d').getImageData(\
      0, 0, canvas.width, canvas.height); return data.some((value) => value > 0);"
    assert driver.run(script), "the canvas is empty"


def reads(driver: Driver, _url: str, _picture: str) -> None:
    """The browser itself reads the letter."""
    wait(driver, f"{READING}.state", "read")
    wait(driver, f"{READING}.letter", "Т")
    end = time.monotonic() + PATIENCE
    while driver.run("return document.querySelector('[data-part=here]').hidden;"):
        assert time.monotonic() < end, "the server reads, not the browser"
        click(driver, "[data-undo]")
        click(driver, "[data-redo]")
        wait(driver, f"{READING}.state", "read")


def dots(driver: Driver, _url: str, _picture: str) -> None:
    """A tap is a stroke."""
    stroke(driver, DOT)
    wait(driver, f"{PAGE}.strokes", "3")


def undoes(driver: Driver, _url: str, _picture: str) -> None:
    """The dot goes, and the letter is read again."""
    click(driver, "[data-undo]")
    wait(driver, f"{PAGE}.strokes", "2")
    wait(driver, f"{READING}.state", "read")


def switches_theme(driver: Driver, _url: str, _picture: str) -> None:
    """Another paper."""
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    wait(driver, paper, "rgb(250, 246, 234)")
    click(driver, "[data-theme-switch]")
    wait(driver, paper, "rgb(28, 41, 37)")
    click(driver, "[data-theme-switch]")
    wait(driver, paper, "rgb(250, 246, 234)")


def switches_language(driver: Driver, _url: str, _picture: str) -> None:
    """The page comes in Russian with the drawing on it."""
    click(driver, "[name=language][value=ru]")
    wait(driver, "document.documentElement.lang", "ru")
    wait(driver, f"'listening' in {PAGE}", wanted=True)
    wait(driver, f"{PAGE}.strokes", "2")
    wait(driver, f"{READING}.letter", "Т")


def uploads(driver: Driver, _url: str, picture: str) -> None:
    """The server reads a picture."""
    click(driver, "[data-clear]")
    wait(driver, f"{READING}.state", "ready")
    driver.upload("#picture", picture)
    wait(driver, f"{READING}.state", "read")
    wait(driver, f"{READING}.letter", "Т")


STEPS: dict[str, Callable[[Driver, str, str], None]] = {
    "opens": opens, "draws": draws, "reads": reads, "dot": dots, "undo": undoes, "theme": switches_theme,
    "language": switches_language, "picture": uploads,
}  # fmt: skip


def main(engine: str, url: str, picture: str) -> None:
    """Take the steps one after the other; the first that fails is the last."""
    with ENGINES[engine]() as driver:
        for name, step in STEPS.items():
            began = time.monotonic()
            try:
                step(driver, url, picture)
            except Exception as error:
                print(json.dumps({"step": name, "error": str(error).splitlines()[0]}), flush=True)
                return
            print(json.dumps({"step": name, "seconds": time.monotonic() - began}), flush=True)
        print(json.dumps({"step": "name", "name": driver.run("return navigator.userAgent;")}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
