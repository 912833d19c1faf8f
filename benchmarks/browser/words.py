"""How fast the wide sheet reads a word of ten letters in Chromium, by the worker that the page itself starts."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from benchmarks.browser.chromium import chromium, name_of
from benchmarks.harness import BenchmarkReport, Figure, percentile
from benchmarks.reading import machine
from benchmarks.server import running
from benchmarks.words.making import make
from benchmarks.words.material import written_letters

WORDS, WARMUP, LETTERS = 60, 20, 10
MOST_MS = 30.0
PLAIN, WITH, GROWN = (
    "a word of ten letters",
    "the same with the dictionary",
    "after one more stroke, with the dictionary",
)
START = """() => {
  const { workerUrl, kernelUrl: kernel, lexicon } = document.getElementById("word").dataset;
  const worker = new Worker(workerUrl, { type: "module" });
  worker.postMessage({ model: { ...JSON.parse(document.getElementById("draw-model").textContent), kernel } });
  const mends = { together: [], apart: [], letters: [] };
  window.readWords = async (words, withLexicon) => {
    const times = [];
    for (const strokes of words) {
      worker.postMessage({ strokes, mends, lexicon: withLexicon ? lexicon : null });
      const { data } = await new Promise((resolve) => worker.addEventListener("message", resolve, { once: true }));
      if (!data.word || data.isWithoutLexicon) {
        throw new Error("it was not read");
      }
      times.push(data.milliseconds);
    }
    return times;
  };
  window.stopReading = () => worker.terminate();
}"""
READ = "([words, withLexicon]) => readWords(words, withLexicon)"
Words = Sequence[Sequence[Sequence[Sequence[float]]]]


class WordsPageBenchmark:
    """The wide sheet's own reading; no word is the same as another, so that nothing is known of it before."""

    name = "words-page"
    cores: int | None = None

    def run(self, *, full: bool = False) -> BenchmarkReport:
        """Open the page as a visitor does, switch to words, read made words; `full`: ten times as many."""
        words = _words((10 if full else 1) * WORDS + WARMUP)
        with running() as server, chromium() as browser:
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(f"http://127.0.0.1:{server.port}/#word")
            page.wait_for_selector("#word")
            shorter = [word[:-1] for word in words]
            times, worked = {}, {}
            for name, lexicon, known in ((PLAIN, False, []), (WITH, True, []), (GROWN, True, shorter[-WORDS:])):
                page.evaluate(START)
                page.evaluate(READ, [words[:WARMUP], True])
                page.evaluate(READ, [known, lexicon])
                begun = _processor_ms(browser)
                times[name] = page.evaluate(READ, [words[-len(known) :] if known else words[WARMUP:], lexicon])
                worked[name] = (_processor_ms(browser) - begun) / len(times[name])
                page.evaluate("stopReading()")
            return report(times, worked, {**machine(), "browser": name_of(browser)})


def _processor_ms(browser: Any) -> float:
    """What all processes of pages have used of the processor, milliseconds."""
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return float(1000 * sum(each["cpuTime"] for each in processes if each["type"] == "renderer"))


def _words(count: int) -> Words:
    """Words of any letters by the generator's hand."""
    stock, rng = written_letters(7), np.random.default_rng(7)
    texts = ["".join(rng.choice([*stock], LETTERS)) for _number in range(count)]
    return [[np.round(stroke, 2).tolist() for stroke in make(text, stock, rng).strokes] for text in texts]


def report(times: dict[str, Sequence[float]], worked: dict[str, float], about: dict[str, Any]) -> BenchmarkReport:
    """Compare the processor's time for a word, messages included, with the threshold; the worker is warm."""
    figures = [Figure(f"{name}, processor's time", value, "ms", MOST_MS) for name, value in worked.items()]
    rows = [
        (name, str(len(values)), *(f"{each:.2f}" for each in (percentile(values, 50), percentile(values, 95))))
        for name, values in times.items()
    ]
    columns = ("what", "words", "median ms by the clock", "p95 ms by the clock")
    return BenchmarkReport("words-page", "The wide sheet reads a word by itself", about, figures, columns, rows)
