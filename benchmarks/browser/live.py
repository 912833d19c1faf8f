"""How fast the draw page reads by itself in a real Chromium, and how soon ink is seen while it reads at each point."""

from collections.abc import Sequence
from typing import Any

from benchmarks.browser.chromium import chromium, name_of
from benchmarks.harness import BenchmarkReport, BenchmarkRunError, Figure, percentile
from benchmarks.materials.drawings import DRAWINGS
from benchmarks.reading import machine
from benchmarks.server import running

READINGS, WARMUP = 300, 60
SLOW = 6
"""Times that the processor is slowed down, as a cheap phone would be."""
MOST_MS, MOST_SLOW_MS, MOST_PAINT_MS = 4.0, 25.0, 16.0
READ, READ_SLOWLY, HANDLED, SEEN = (
    "input and network for one drawing",
    f"the same, processor {SLOW} times slower",
    "from a point of the pen to the end of the frame that shows it, while it is read",
    "the same from when the system had the event, waiting for the screen's next frame included",
)
# The module that the page's worker imports, under the name that this release gave it.
LOAD = """async () => {
  const worker = document.getElementById("draw").dataset.workerUrl;
  const [, name] = (await (await fetch(worker)).text()).match(/from\\s*"\\.\\/(reader[^"]*)"/);
  const { Reader } = await import(new URL(name, new URL(worker, location)).href);
  window.reader = new Reader(JSON.parse(document.getElementById("draw-model").textContent));
  while (!(await reader.read([[[0, 0], [9, 9]]], { isPatient: true })).best) {}
}"""
TIME = """async ([drawings, repeats]) => {
  const times = [];
  for (let number = 0; number < repeats; number += 1) {
    const start = performance.now();
    const { best } = await reader.read(drawings[number % drawings.length]);
    times.push(performance.now() - start);
    if (best?.length !== 5) {
      throw new Error("it was not read");
    }
    await new Promise((resolve) => setTimeout(resolve)); // as between two points of a pen
  }
  return times;
}"""
WATCH = """() => {
  window.frames_ = [];
  window.addEventListener("pointermove", (event) => {
    const handled = performance.now();
    requestAnimationFrame(() => { // what the page asks for now is in the same frame; a message comes after its painting
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => frames_.push([performance.now() - handled, performance.now() - event.timeStamp]);
      port2.postMessage(null);
    });
  }, { capture: true });
}"""


class LiveBenchmark:
    """The page's own reading, in Chromium."""

    name = "live"
    cores: int | None = None

    def run(self, *, full: bool = False) -> BenchmarkReport:
        """Open the page as a visitor does, read with its own modules, then draw on it."""
        with running() as server, chromium() as browser:
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(f"http://127.0.0.1:{server.port}/")
            page.wait_for_selector("#draw[data-listening]")
            milliseconds = _readings(page) | _frames(page)
            return report(milliseconds, {**machine(), "browser": name_of(browser)})


def _readings(page: Any) -> dict[str, list[float]]:
    page.evaluate(LOAD)
    drawings = [[[list(point) for point in stroke] for stroke in drawing] for drawing in DRAWINGS.values()]
    page.evaluate(TIME, [drawings, WARMUP])
    usual = page.evaluate(TIME, [drawings, READINGS])
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOW})
    slow = page.evaluate(TIME, [drawings, READINGS])
    session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    return {READ: usual, READ_SLOWLY: slow}


def _frames(page: Any) -> dict[str, list[float]]:
    """Draw by real events, letter after letter."""
    page.evaluate(WATCH)
    box = page.locator("canvas").bounding_box()
    for drawing in [*DRAWINGS.values()] * 3:
        page.keyboard.press("Escape")
        for stroke in drawing:
            points = [(box["x"] + x / 300 * box["width"], box["y"] + y / 300 * box["height"]) for x, y in stroke]
            page.mouse.move(*points[0])
            page.mouse.down()
            for point in points[1:]:
                page.mouse.move(*point)
            page.mouse.up()
    page.wait_for_selector("#reading[data-state=read]")
    if not page.locator("[data-part=here]").is_visible():
        raise BenchmarkRunError("The page did not read by itself.")
    times = page.evaluate("frames_")
    return {HANDLED: [each[0] for each in times], SEEN: [each[1] for each in times]}


def report(milliseconds: dict[str, list[float]], about: dict[str, Any]) -> BenchmarkReport:
    """Compare the 95th percentiles with the thresholds."""
    most = {READ: MOST_MS, READ_SLOWLY: MOST_SLOW_MS, HANDLED: MOST_PAINT_MS, SEEN: None}
    figures = [
        Figure(f"{name}, p95", percentile(values, 95), "ms", most[name]) for name, values in milliseconds.items()
    ]
    rows = [(name, str(len(values)), *_shown(values)) for name, values in milliseconds.items()]
    columns = ("what", "times", "median ms", "p95 ms", "slowest ms")
    return BenchmarkReport("live", "The draw page reads by itself", about, figures, columns, rows)


def _shown(values: Sequence[float]) -> list[str]:
    return [f"{value:.2f}" for value in (percentile(values, 50), percentile(values, 95), max(values))]
