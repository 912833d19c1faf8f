"""The page's own judge of drawings, in a real Chromium."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Route

from benchmarks.browser.page import served_page
from benchmarks.copybook.drawings import Drawn
from benchmarks.harness import ROOT
from copybook.paths import paths

ADDRESS = "http://copybook.test/"
SCRIPTS = ROOT / "static" / "js" / "copybook"
START = """async () => {
  const { judge } = await import("/judge.js");
  window.judgeAll = (drawings) => drawings.map(([elements, strokes]) => judge(elements, strokes));
}"""
JUDGE = "drawings => judgeAll(drawings)"
BATCH = 400

Judge = Callable[[Sequence[Drawn]], list[dict[str, Any]]]


@contextmanager
def chromium() -> Iterator[Judge]:
    """Start Chromium with the judge; what is given judges drawings.

    Raises:
        BenchmarkRunError: there is no Chromium.

    """
    with served_page(ADDRESS, _serve) as page:
        page.evaluate(START)

        def judge(drawings: Sequence[Drawn]) -> list[dict[str, Any]]:
            found: list[dict[str, Any]] = []
            for first in range(0, len(drawings), BATCH):
                batch = [_sent(each) for each in drawings[first : first + BATCH]]
                found += page.evaluate(JUDGE, batch)
            return found

        yield judge


def _sent(drawn: Drawn) -> list[Any]:
    return [[path.round(1).tolist() for path in paths(drawn.letter)], drawn.strokes]


def _serve(route: Route) -> None:
    """Give the page's scripts, and an empty page for every other address."""
    name = route.request.url.removeprefix(ADDRESS)
    if name.endswith(".js"):
        route.fulfill(path=SCRIPTS / name, content_type="text/javascript")
    else:
        route.fulfill(body="<!doctype html><title>copybook</title>", content_type="text/html")
