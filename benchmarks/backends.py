"""The same model in numpy and in onnxruntime, in floats and in whole numbers of 8 bits."""

import itertools
import statistics
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.chip.letters import PRETRAINED, letters, whole
from benchmarks.harness import BenchmarkReport, BenchmarkRunError, Figure, Subject, interleaved
from benchmarks.reading import machine
from recognizer.core import model_file
from recognizer.core.ink import specification

SUBJECT = ("-m", "benchmarks.subjects.backends")
MODELS = ("standard", "best")
REFERENCE, HELD = "numpy fp32", "onnxruntime int8"
TIMES = 2.5
"""How many times faster than the reference onnxruntime must be in whole numbers, where there is VNNI."""
BATCHES = {1000: "batches of 1,000", 1: "one by one"}
LETTERS, ROUNDS = 2000, 9


class BackendsBenchmark:
    """Microseconds of a letter, by model, backend, precision and batch."""

    name = "backends"
    cores: int | None = 1

    def run(self, *, full: bool = False) -> BenchmarkReport:
        """All of a model and a batch in turns."""
        if find_spec("onnxruntime") is None or find_spec("onnx") is None:
            raise BenchmarkRunError("It needs onnx and onnxruntime: `make onnx` installs them.")
        seconds: dict[tuple[str, int, str], list[float]] = {}
        alike: list[Figure] = []
        versions: dict[str, object] = {}
        with TemporaryDirectory() as folder:
            for name, batch in itertools.product(MODELS, BATCHES):
                with ExitStack() as stack:
                    subjects = {
                        what: stack.enter_context(Subject([*SUBJECT, *words, str(batch)]))
                        for what, words in _words(name, Path(folder)).items()
                    }
                    measures = {what: subject.measure for what, subject in subjects.items()}
                    found = interleaved(measures, rounds=ROUNDS, repeats=1, warmup=1)
                    seconds |= {(name, batch, what): values for what, values in found.items()}
                    versions |= subjects[HELD].hello["environment"]
                    letters_read = {what: subject.hello["letters"] for what, subject in subjects.items()}
                alike += [_alike(name, letters_read)] if batch == 1 else []
        return report(seconds, alike, {**machine(), **versions})


def _words(name: str, folder: Path) -> dict[str, list[str]]:
    """What each subject is given: a model file, inputs, a backend."""
    files = {"fp32": folder / f"{name}.npz", "int8": folder / f"{name} int8.npz"}
    inputs = folder / f"{name}.npy"
    if not inputs.exists():
        model, int8 = model_file.read(PRETRAINED / f"{name}.npz"), whole(name, "int8")
        files["fp32"].write_bytes((PRETRAINED / f"{name}.npz").read_bytes())
        files["int8"].write_bytes(model_file.to_bytes(int8.network, int8.card))
        np.save(inputs, specification(model.card.ink_specification).of_pictures(letters()[0][:LETTERS]))
    return {
        f"{backend} {bits}": [str(files[bits]), str(inputs), backend]
        for bits in files
        for backend in ("numpy", "onnxruntime")
    }


def _alike(name: str, read: Mapping[str, Sequence[int]]) -> Figure:
    """Share of letters that onnxruntime reads as numpy does, in the worse of both precisions."""
    pairs = [(read[f"numpy {bits}"], read[f"onnxruntime {bits}"]) for bits in ("fp32", "int8")]
    share = min(float((np.array(ours) == np.array(theirs)).mean()) for ours, theirs in pairs)
    return Figure(f"{name}: letters that both backends read alike", 100 * share, "%", 99.9, more_is_better=True)


def report(
    seconds: Mapping[tuple[str, int, str], Sequence[float]], alike: Sequence[Figure], machine: Mapping[str, object]
) -> BenchmarkReport:
    """Medians against the reference."""
    medians = {key: statistics.median(values) for key, values in seconds.items()}
    rows = [
        (name, what, BATCHES[batch], f"{value / LETTERS * 1e6:.2f}", f"{medians[name, batch, REFERENCE] / value:.2f}")
        for (name, batch, what), value in medians.items()
    ]
    speeds = [
        Figure(
            f"{name}: {HELD} against {REFERENCE}, {BATCHES[1000]}",
            medians[name, 1000, REFERENCE] / medians[name, 1000, HELD],
            "× faster",
            TIMES,
            more_is_better=True,
        )
        for name in MODELS
    ]
    columns = ("model", "what", "how", "median µs a letter", "times faster than numpy fp32")
    title = f"{LETTERS:,} letters from bytes to probabilities, one core, processor time"
    return BenchmarkReport("backends", title, machine, [*speeds, *alike], columns, rows)
