"""`python -m benchmarks.browser.adaptation --data FOLDER`: how well the page learns a hand, in Chromium."""

import base64
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.command import MeasuringCommand
from benchmarks.harness import ROOT, BenchmarkReport, Figure

ADDRESS = "http://adaptation.test/"
WRITERS, LETTERS, CORRECTIONS, READ = 12, 5, 3, 20
"""People; letters that each writes otherwise; corrections of each, and drawings of it that are read afterwards."""
PER_LETTER = 50
"""Test pictures of each letter and data set; all where there are fewer."""
LEAST_READ, MOST_LOST = 90.0, 0.3
START = """async (model) => {
  const { Reader } = await import("/js/network/reader.js");
  window.reader = new Reader(model);
  while (!(await reader.read([[[0, 0], [9, 9]]], { isPatient: true })).best) {}
  window.pictures = [];
  const { specification } = await import("/js/ink/specifications.js");
  window.ink = specification(model.ink);
  window.readAll = async (drawings) => {
    const read = [];
    for (const strokes of drawings) {
      read.push((await reader.read(strokes)).best[0].letter);
    }
    return read;
  };
  const read = (picture) => reader.verdictOn({ picture, input: ink.ofPicture(picture) }).best[0].letter;
  window.readPictures = () => pictures.map(read);
}"""
KEEP = """(text) => {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  for (let first = 0; first < bytes.length; first += 784) {
    pictures.push(bytes.slice(first, first + 784));
  }
}"""


def measure(data: Path) -> BenchmarkReport:
    """Let simulated writers correct three drawings of each of their odd letters, and read what comes after.

    Raises:
        BenchmarkRunError: an archive or Chromium is missing.

    """
    from benchmarks.browser.hands import writers
    from recognizer import loading

    model = loading.shipped()
    pictures, letters = _real_letters(data, model.ink.pictures.name, model.card.letters)
    with _page(model) as page:
        for part in np.array_split(pictures, max(1, len(pictures) // 1000)):
            page.evaluate(KEEP, base64.b64encode(part.tobytes()).decode())
        before = np.array(page.evaluate("() => readPictures()")) == letters
        people = writers(model, WRITERS, letters=LETTERS, drawings=CORRECTIONS + READ, seed=15)
        rows = [_learn(page, number, person, before, letters) for number, person in enumerate(people, 1)]
    return _report(model.name, rows, before)


def _learn(page: Any, number: int, person: Sequence[Any], before: Any, letters: Any) -> tuple[Any, ...]:
    """Row of a person: letters, per cent read before and after, points that other letters have lost."""
    later = [(odd.letter, drawing) for odd in person for drawing in odd.drawings[CORRECTIONS:]]
    wanted = [letter for letter, _drawing in later]
    corrections = [{"letter": odd.letter, "strokes": each} for odd in person for each in odd.drawings[:CORRECTIONS]]
    read = [page.evaluate("drawings => readAll(drawings)", [drawing for _letter, drawing in later])]
    page.evaluate("corrections => reader.adapt(corrections)", corrections)
    read.append(page.evaluate("drawings => readAll(drawings)", [drawing for _letter, drawing in later]))
    others = ~np.isin(letters, [odd.letter for odd in person])
    after = np.array(page.evaluate("() => readPictures()")) == letters
    page.evaluate("() => reader.adapt([])")
    share = [100 * float(np.mean([a == b for a, b in zip(each, wanted, strict=True)])) for each in read]
    lost = 100 * float(before[others].mean() - after[others].mean())
    return number, "".join(odd.letter for odd in person), *share, lost


def _report(name: str, rows: Sequence[tuple[Any, ...]], before: Any) -> BenchmarkReport:
    from benchmarks.reading import machine

    unread, read, lost = (float(np.mean([row[place] for row in rows])) for place in (2, 3, 4))
    figures = [
        Figure("odd letters read before", unread, "%"),
        Figure(f"odd letters read after {CORRECTIONS} corrections of each", read, "%", LEAST_READ, more_is_better=True),
        Figure("points that the other letters, of real people, lose", lost, "points", MOST_LOST),
        Figure(f"real test letters read before ({len(before)})", 100 * float(before.mean()), "%"),
    ]
    table = [[str(row[0]), row[1], *(f"{value:.2f}" for value in row[2:])] for row in rows]
    columns = ("writer", "letters written otherwise", "read before, %", "read after, %", "others lose, points")
    title = f"“{name}” learns its owner's hand in Chromium: {WRITERS} simulated writers"
    return BenchmarkReport("adaptation", title, machine(), figures, columns, table)


def _real_letters(data: Path, ink: str, letters: str) -> tuple[Any, Any]:
    """Pictures (n, 784) of real test letters, and the letters (n,)."""
    from benchmarks.accuracy.measuring import prepare
    from training.datasets.content.splitting import Split
    from training.datasets.models import Dataset
    from training.datasets.storage import input_files

    names = ("cmnist", "comnist")
    prepare(data, names)
    rng = np.random.default_rng(15)
    pictures, labels = [], []
    for name in names:
        samples = input_files.load(Dataset.objects.get(name=name), Split.TEST, ink)
        for label in range(len(letters)):
            mine = np.flatnonzero(samples.labels == label)
            chosen = rng.permutation(mine)[:PER_LETTER]
            pictures.append(samples.inputs[chosen])
            labels += [letters[label]] * len(chosen)
    return np.concatenate(pictures), np.array(labels)


@contextmanager
def _page(model: Any) -> Iterator[Any]:
    """A page with the reader of the draw page, and the model's file."""
    from playwright.sync_api import Route

    from benchmarks.browser.page import served_page
    from recognizer.loading import PRETRAINED

    file = PRETRAINED / f"{model.name}.npz"

    def serve(route: Route) -> None:
        name = route.request.url.removeprefix(ADDRESS)
        if name.endswith(".js"):
            route.fulfill(path=ROOT / "static" / name, content_type="text/javascript")
        elif name == "model":
            route.fulfill(path=file)
        else:
            route.fulfill(body="<!doctype html><title>adaptation</title>", content_type="text/html")

    with served_page(ADDRESS, serve) as page:
        page.evaluate(START, {"ink": model.ink.name, "file": "/model", "sha256": model.sha256})
        yield page


COMMAND = MeasuringCommand(
    "browser.adaptation", "Measures how well the page learns a hand.", lambda options: measure(options.data)
)

if __name__ == "__main__":
    sys.exit(COMMAND.run())
