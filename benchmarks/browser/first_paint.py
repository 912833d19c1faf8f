"""How long a first visit to each public page takes until something is seen, in a real Chromium."""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.browser.chromium import chromium, name_of
from benchmarks.harness import BenchmarkReport, Figure
from benchmarks.reading import machine
from benchmarks.server import running

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PAGES = ("/", "/learn/", "/study/", "/models/", "/runs/", "/sweeps/", "/data/", "/devices/", "/copybook/", "/about/")
VISITS = 7
MOST_MS = 1000.0
PHONE, DESKTOP = (390, 844), (1440, 900)
PAINTED = """() => new Promise((resolve) => {
  new PerformanceObserver((list) => {
    for (const { name, startTime } of list.getEntries()) {
      if (name === "first-contentful-paint") {
        resolve(startTime);
      }
    }
  }).observe({ type: "paint", buffered: true });
})"""

Times = Mapping[tuple[str, tuple[int, int]], Sequence[float]]
"""Milliseconds of each visit, by page and screen."""


class FirstPaintBenchmark:
    """The first contentful paint of each public page, on a phone's and on a desktop's screen."""

    name = "first-paint"
    cores: int | None = None

    def run(self, *, full: bool = False) -> BenchmarkReport:
        """Visit each page with nothing in the browser's cache; `full`: three times as often."""
        visits = VISITS * (3 if full else 1)
        with running() as server, chromium() as browser:
            address = f"http://127.0.0.1:{server.port}"
            times = {
                (page, screen): [visit(browser, address + page, screen) for _number in range(visits)]
                for page in PAGES
                for screen in (PHONE, DESKTOP)
            }
            return report(times, name_of(browser))


def visit(browser: "Browser", url: str, screen: tuple[int, int]) -> float:
    """Milliseconds from the beginning of the navigation to the first text or picture on the screen."""
    context = browser.new_context(viewport={"width": screen[0], "height": screen[1]}, service_workers="block")
    try:
        page = context.new_page()
        page.goto(url, wait_until="commit")
        return float(page.evaluate(PAINTED))
    finally:
        context.close()


def report(times: Times, browser: str) -> BenchmarkReport:
    """Compare the slowest page with the threshold: each page by the median of its visits."""
    medians = {key: median(every) for key, every in times.items()}
    study = max(value for (page, _screen), value in medians.items() if page == "/study/")
    figures = [
        Figure("the study, median of its visits", study, "ms", MOST_MS),
        Figure("the slowest page, median of its visits", max(medians.values()), "ms", MOST_MS),
        Figure("the slowest visit of all", max(max(every) for every in times.values()), "ms"),
    ]
    rows = [
        (page, f"{screen[0]}×{screen[1]}", f"{medians[page, screen]:.0f}", f"{max(every):.0f}")
        for (page, screen), every in times.items()
    ]
    title = "The first paint of each public page, with nothing in the browser's cache"
    return BenchmarkReport(
        "first-paint",
        title,
        {**machine(), "browser": browser},
        figures,
        ("page", "screen", "median ms", "longest ms"),
        rows,
    )
