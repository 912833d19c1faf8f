"""The same model in numpy and in onnxruntime, in floats and in whole numbers of 8 bits."""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from benchmarks.chip.letters import PRETRAINED, letters, whole
from benchmarks.harness import BenchmarkReport, BenchmarkRunError, Figure, interleaved
from benchmarks.reading import machine
from recognizer.core import model_file
from recognizer.core.ink import specification
from recognizer.core.model_file import ModelFile
from recognizer.core.precision import in_floats, to_precision
from recognizer.exports.errors import ExportError
from recognizer.exports.onnx_file import RuntimeNetwork
from training.devices.benchmarks import environment

MODELS = ("standard", "best")
REFERENCE, HELD = "numpy fp32", "onnxruntime int8"
TIMES = 2.5
"""How many times faster than the reference onnxruntime must be in whole numbers, where there is VNNI."""
BATCHES = {1000: "batches of 1,000", 1: "one by one"}
LETTERS, ROUNDS = 2000, 9

Bytes = NDArray[np.uint8]
Read = Callable[[Bytes], NDArray[np.float32]]


class BackendsBenchmark:
    """Microseconds of a letter, by model, backend, precision and batch."""

    name = "backends"
    cores: int | None = 1

    def run(self, *, full: bool = False) -> BenchmarkReport:
        """All of a model in turns, in one process."""
        seconds: dict[tuple[str, int, str], list[float]] = {}
        alike: list[Figure] = []
        for name in MODELS:
            model = model_file.read(PRETRAINED / f"{name}.npz")
            inputs = specification(model.card.ink_specification).of_pictures(letters()[0][:LETTERS])
            readers = _readers(name, model)
            alike.append(_alike(name, readers, inputs))
            for batch in BATCHES:
                measures = {each: partial(_seconds, read, inputs, batch) for each, read in readers.items()}
                found = interleaved(measures, rounds=ROUNDS, repeats=1, warmup=1)
                seconds |= {(name, batch, each): values for each, values in found.items()}
        return report(seconds, alike, {**machine(), **environment.describe()})


def _readers(name: str, model: ModelFile) -> dict[str, Read]:
    floats, int8 = to_precision(in_floats(model.network), "fp32"), whole(name, "int8").network
    try:
        return {
            REFERENCE: floats.read,
            "numpy int8": int8.read,
            "onnxruntime fp32": RuntimeNetwork(floats, "fp32").read,
            HELD: RuntimeNetwork(int8, "int8").read,
        }
    except ExportError as error:
        raise BenchmarkRunError(str(error)) from error


def _seconds(read: Read, inputs: Bytes, batch: int, repeats: int) -> list[float]:
    """Processor time of reading all letters, so many times."""
    taken = []
    for _repeat in range(repeats):
        start = time.process_time()
        for first in range(0, len(inputs), batch):
            read(inputs[first : first + batch])
        taken.append(time.process_time() - start)
    return taken


def _alike(name: str, readers: Mapping[str, Read], inputs: Bytes) -> Figure:
    """Share of letters that onnxruntime reads as numpy does, in the worse of both precisions."""
    best = {each: read(inputs).argmax(axis=1) for each, read in readers.items()}
    share = min(float((best[f"numpy {bits}"] == best[f"onnxruntime {bits}"]).mean()) for bits in ("fp32", "int8"))
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
