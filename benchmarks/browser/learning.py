"""The teaching page in Chromium: frames while it trains, gradients against the core's, and a hand that it learns."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.browser.chromium import chromium, name_of
from benchmarks.browser.hands import OWN, one_person
from benchmarks.harness import BenchmarkReport, Figure
from benchmarks.reading import machine
from benchmarks.server import running
from recognizer.core.alphabet import RUSSIAN
from training.core.reference import Reference
from training.datasets.synthesis import hand
from training.datasets.synthesis.hand import Hand
from training.datasets.synthesis.skeletons import Skeleton, skeletons

LEAST_FRAMES, MOST_DIFFERENCE, LEAST_READ, MOST_SECONDS = 30.0, 1e-5, 90.0, 60.0
FRAME_SECONDS = 10
HANDS, KEPT, LATER = 3, 3, 3
"""Simulated hands; letters of each that are learnt from, and letters of the second set."""
SIZES = (784, 64, 33)
SEED = 1818
LEARN = "/learn/?layers=64&epochs=500"
FRAMES = """(seconds) => new Promise((resolve) => {
  const page = document.getElementById("learn");
  const [shown, steps] = [Number(page.dataset.frames), Number(page.dataset.steps)];
  const end = performance.now() + seconds * 1000;
  let painted = 0;
  const frame = () => {
    painted += 1;
    if (performance.now() < end) {
      requestAnimationFrame(frame);
    } else {
      resolve([painted / seconds, (page.dataset.frames - shown) / seconds, (page.dataset.steps - steps) / seconds]);
    }
  };
  requestAnimationFrame(frame);
})"""
GRADIENTS = """async ([recipe, weights, biases, inputs, labels]) => {
  const { Trainer } = await import(document.getElementById("learn").dataset.engineUrl);
  const layers = weights.map((matrix, index) => ({
    inputs: matrix.length, neurons: matrix[0].length,
    weights: Float64Array.from(matrix.flat()), biases: Float64Array.from(biases[index]),
  }));
  const samples = { inputs: Uint8Array.from(inputs.flat()), labels: Uint8Array.from(labels) };
  const trainer = new Trainer(recipe, samples, 33, layers);
  trainer.stepOn(labels.map((_, number) => number));
  return trainer.gradients.map(({ weights, biases }) => [Array.from(weights), Array.from(biases)]);
}"""
HAND = """async ([own, second, recipe]) => {
  const worker = new Worker(document.getElementById("learn").dataset.workerUrl, { type: "module" });
  const wait = (kind) => new Promise((resolve, reject) => {
    const hear = ({ data }) => {
      if (data.kind === "state") {
        worker.postMessage({ kind: "seen" });
      }
      if (data.kind === "failed") {
        reject(new Error(data.message));
      }
      if (data.kind === kind) {
        worker.removeEventListener("message", hear);
        resolve(data);
      }
    };
    worker.addEventListener("message", hear);
  });
  const start = performance.now();
  worker.postMessage({ kind: "begin", recipe, own });
  await wait("ready");
  worker.postMessage({ kind: "run" });
  await wait("ended");
  const seconds = (performance.now() - start) / 1000;
  let right = 0;
  for (const [id, { label, strokes }] of second.entries()) {
    const heard = wait("reading");
    worker.postMessage({ kind: "read", id, strokes });
    right += (await heard).answer.read === label ? 1 : 0;
  }
  worker.terminate();
  return [seconds, right];
}"""
RECIPE = {
    "hiddenLayers": [64], "activation": "relu", "output": "softmax", "cost": "cross-entropy", "outputError": "exact",
    "initializer": "he", "learningRate": 0.1, "batchSize": 10, "l2": 0, "perLetter": 48, "epochs": 25, "seed": 1,
    "source": "own",
}  # fmt: skip
"""What “Train on my letters” sets."""

Drawn = dict[str, Any]


class LearningBenchmark:
    """What the teaching page promises."""

    name = "learning"
    cores: int | None = None

    def run(self, *, full: bool = False) -> BenchmarkReport:
        """Open the page as a visitor does; `full`: ten hands."""
        with running() as server, chromium() as browser:
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(f"http://127.0.0.1:{server.port}{LEARN}")
            page.wait_for_selector("#learn[data-listening]")
            frames = _frames(page)
            page.click("[data-part=train]")  # pause: the next figures have the processor
            difference = _difference(page)
            seeds = range(SEED, SEED + (10 if full else HANDS))
            hands = {varies: [_hand(page, seed, varies) for seed in seeds] for varies in (OWN, 1.0)}
            return report(frames, difference, hands, name_of(browser))


def _frames(page: Any) -> Sequence[float]:
    """Per second while it trains: frames of the page, states of the training shown, steps."""
    page.click("[data-part=train]")
    page.wait_for_selector("#learn[data-state=running]", timeout=120_000)
    page.wait_for_timeout(1000)
    found: Sequence[float] = page.evaluate(FRAMES, FRAME_SECONDS)
    return found


def _difference(page: Any) -> float:
    """The largest difference of a gradient's entry from `training.core.reference`, ten samples of 784-64-33."""
    rng = np.random.default_rng(SEED)
    weights = [rng.normal(0, 1 / np.sqrt(n), (m, n)) for n, m in pairwise(SIZES)]
    biases = [rng.normal(0, 1, m) for m in SIZES[1:]]
    inputs = (rng.integers(0, 256, (10, SIZES[0])) * (rng.random((10, SIZES[0])) < 0.3)).astype(np.uint8)
    labels = rng.integers(0, SIZES[-1], 10)
    recipe = {**RECIPE, "activation": "sigmoid"}
    sent = [recipe, [w.T.tolist() for w in weights], [b.tolist() for b in biases], inputs.tolist(), labels.tolist()]
    reference = Reference([w.copy() for w in weights], [b.copy() for b in biases])
    sums = [reference.gradients(x / 255, np.eye(SIZES[-1])[y]) for x, y in zip(inputs, labels, strict=True)]
    worst = 0.0
    for layer, (by_w, by_b) in enumerate(page.evaluate(GRADIENTS, sent)):
        expected_w = np.sum([each[0][layer] for each in sums], axis=0).T
        expected_b = np.sum([each[1][layer] for each in sums], axis=0)
        worst = max(worst, _largest(by_w, expected_w.ravel()), _largest(by_b, expected_b))
    return worst


def _largest(found: list[float], expected: NDArray[Any]) -> float:
    return float(np.abs(np.array(found) - expected).max())


def _hand(page: Any, seed: int, varies: float) -> tuple[float, float]:
    """Seconds that one hand's letters took, all of it, and per cent read of its second set."""
    first, second = written_by(seed, varies)
    seconds, right = page.evaluate(HAND, [first, second, RECIPE])
    return float(seconds), 100 * right / len(second)


def written_by(seed: int, varies: float) -> tuple[list[Drawn], list[Drawn]]:
    """Two sets of the 33 letters by one simulated hand: a way of each letter, slant, width and roundness of its own.

    `varies`: how much its letters vary, as a share of the generator's hand, which is that of many people.
    """
    rng = np.random.default_rng(seed)
    person = one_person(rng)
    if varies != OWN:
        person = Hand(slant=person.slant, aspect=person.aspect, roundness=person.roundness)
    first: list[Drawn] = []
    second: list[Drawn] = []
    for label, letter in enumerate(RUSSIAN):
        made = hand.write(_way(letter, rng), KEPT + LATER, rng, person)
        drawings = [{"label": label, "strokes": made.drawing(number)} for number in range(KEPT + LATER)]
        first += drawings[:KEPT]
        second += drawings[KEPT:]
    return first, second


def _way(letter: str, rng: np.random.Generator) -> Skeleton:
    ways = [each for each in skeletons() if each.letter == letter and each.style == "printed"]
    weights = np.array([each.weight for each in ways])
    return ways[rng.choice(len(ways), p=weights / weights.sum())]


def report(
    frames: Sequence[float], difference: float, hands: Mapping[float, Sequence[tuple[float, float]]], browser: str
) -> BenchmarkReport:
    """Compare with the thresholds; a hand that varies as much as many people's is only reported."""
    painted, shown, steps = frames
    every = [each for of in hands.values() for each in of]
    figures = [
        Figure("frames a second while 784-64-33 trains in a worker", painted, "", LEAST_FRAMES, more_is_better=True),
        Figure("largest difference of a gradient from the core's", difference, "", MOST_DIFFERENCE),
        Figure("read of a second set by the same hand, worst", min(h[1] for h in hands[OWN]), "%", LEAST_READ, True),
        Figure("the same, hands that vary as many people's do", min(h[1] for h in hands[1.0]), "%"),
        Figure(
            "from three of each letter to the end of training, slowest", max(h[0] for h in every), "s", MOST_SECONDS
        ),
        Figure("states of the training shown", shown, "/s"),
        Figure("steps of ten pictures", steps, "/s"),
    ]
    rows = [
        (str(number), f"{varies:g}", f"{seconds:.1f}", f"{read:.1f} %")
        for varies, of in hands.items()
        for number, (seconds, read) in enumerate(of, 1)
    ]
    title = f"The teaching page: simulated hands, {KEPT} of each letter to learn from, {LATER} of each to read"
    columns = ("hand", "varies, of the generator's", "seconds", "read")
    return BenchmarkReport("learning", title, {**machine(), "browser": browser}, figures, columns, rows)
