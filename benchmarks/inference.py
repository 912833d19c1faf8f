"""How long reading takes in the network itself: ours against onnxruntime and PyTorch, at once and one by one."""

import statistics
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.environments import peers_python
from benchmarks.harness import BenchmarkReport, BenchmarkRunError, Figure, Subject, interleaved
from benchmarks.materials import letters
from benchmarks.reading import machine
from benchmarks.subjects.inference import IMAGES, SIZES

BATCHES = {1: "one by one", IMAGES: "in one batch"}
KINDS = ("ours", "onnxruntime", "torch")
ROUNDS = 9
MORE_THAN_ONNXRUNTIME, FASTER_THAN_TORCH, ONE_IMAGE_US = 1.2, 1.8, 20.0

Seconds = Mapping[str, Sequence[float]]


class InferenceBenchmark:
    """The time of 10,000 images."""

    name = "inference"
    cores: int | None = 1

    def run(self, *, full: bool = False) -> BenchmarkReport:
        """All subjects in turns, on the same letters with the same weights."""
        peers = peers_python()
        with TemporaryDirectory() as folder, ExitStack() as stack:
            letters_file = Path(folder) / "letters.npz"
            letters.save(letters_file)
            subjects = {}
            for kind in KINDS:
                for batch in BATCHES:
                    words = ["-m", "benchmarks.subjects.inference", kind, str(batch), str(letters_file)]
                    python = sys.executable if kind == "ours" else peers
                    subjects[f"{kind} {batch}"] = stack.enter_context(Subject(words, python=python))
            _check([subject.hello["sum"] for subject in subjects.values()])
            measures = {name: subject.measure for name, subject in subjects.items()}
            seconds = interleaved(measures, rounds=ROUNDS, repeats=1, warmup=1)
            return report(seconds, {**machine(), **subjects["ours 1"].hello["environment"]})


def _check(sums: Sequence[float]) -> None:
    """All must have computed the same."""
    if max(sums) - min(sums) > 1e-3 * abs(max(sums)):
        raise BenchmarkRunError(f"The networks do not agree on the letters: {sums}.")


def report(seconds: Seconds, machine: Mapping[str, object]) -> BenchmarkReport:
    """Medians against their thresholds."""
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    rows = [
        (
            kind,
            how,
            f"{medians[f'{kind} {batch}'] / IMAGES * 1e6:.2f}",
            f"{min(seconds[f'{kind} {batch}']) / IMAGES * 1e6:.2f}",
        )
        for batch, how in BATCHES.items()
        for kind in KINDS
    ]
    columns = ("what", "how", "median µs an image", "fastest µs an image")
    title = f"{IMAGES:,} letters read by {'-'.join(map(str, SIZES))}, float32, one core, processor time"
    return BenchmarkReport("inference", title, machine, list(_figures(medians)), columns, rows)


def _figures(medians: Mapping[str, float]) -> Iterator[Figure]:
    yield Figure("one image", medians["ours 1"] / IMAGES * 1e6, "µs", ONE_IMAGE_US)
    for batch, how in BATCHES.items():
        ours = medians[f"ours {batch}"]
        yield Figure(
            f"times onnxruntime's time, {how}", ours / medians[f"onnxruntime {batch}"], "×", MORE_THAN_ONNXRUNTIME
        )
        ratio = medians[f"torch {batch}"] / ours
        yield Figure(f"times faster than torch, {how}", ratio, "×", FASTER_THAN_TORCH, more_is_better=True)
