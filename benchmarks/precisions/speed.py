"""How long each precision takes in numpy against 32-bit floats, and a small network against a large one in C."""

import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from benchmarks.chip import toolchains
from benchmarks.chip.letters import PRETRAINED, letters, whole
from benchmarks.harness import BenchmarkReport, BenchmarkRunError, Figure, interleaved
from benchmarks.reading import machine
from recognizer.core import model_file
from recognizer.core.c_header import to_header
from recognizer.core.ink import specification
from recognizer.core.precision import INTEGER_BITS, in_floats, to_precision

MODELS = ("standard", "best")
REFERENCE = "fp32"
IN_FLOATS = ("fp16", "int8-weights")
BATCHES = {1000: ("batches of 1,000", 1.05), 1: ("one by one", 1.30)}
"""How many letters at once, in words, and how many times fp32's time that may take."""
LETTERS, ONE_BY_ONE, ROUNDS = 2000, 400, 15
SMALL, LARGE, IN_C, TIMES_FASTER = "small", "standard", "int8", 4.0

Bytes = NDArray[np.uint8]
Key = tuple[str, int, str]
Seconds = Mapping[Key, Sequence[float]]
Read = Callable[[Bytes], NDArray[np.float32]]


class PrecisionSpeedBenchmark:
    """Microseconds of a letter, by model, precision and batch; in C by model."""

    name = "precision-speed"
    cores: int | None = 1

    def run(self, *, full: bool = False) -> BenchmarkReport:
        """All precisions of a model in turns, in one process; then both networks in C in turns."""
        seconds: dict[Key, list[float]] = {}
        for name in MODELS:
            model = model_file.read(PRETRAINED / f"{name}.npz")
            inputs = specification(model.card.ink_specification).of_pictures(letters()[0][:LETTERS])
            readers = _readers(name)
            for batch in BATCHES:
                some = inputs if batch > 1 else inputs[:ONE_BY_ONE]
                measures = {each: partial(seconds_of_a_letter, read, some, batch) for each, read in readers.items()}
                found = interleaved(measures, rounds=ROUNDS, repeats=1, warmup=1)
                seconds |= {(name, batch, each): values for each, values in found.items()}
        return report(seconds, _in_c(), machine())


def _readers(name: str) -> dict[str, Read]:
    floats = in_floats(model_file.read(PRETRAINED / f"{name}.npz").network)
    read: dict[str, Read] = {each: to_precision(floats, each).read for each in (REFERENCE, *IN_FLOATS)}
    return read | {each: whole(name, each).network.read for each in INTEGER_BITS}


def seconds_of_a_letter(read: Read, inputs: Bytes, batch: int, repeats: int) -> list[float]:
    """In each repeat: processor time."""
    parts = [inputs[start : start + batch] for start in range(0, len(inputs), batch)]
    taken = []
    for _repeat in range(repeats):
        begin = time.process_time()
        for part in parts:
            read(part)
        taken.append((time.process_time() - begin) / len(inputs))
    return taken


def _in_c() -> dict[str, tuple[float, float]]:
    """Seconds of a letter whole and of its layers by model; the fastest of some rounds, by turns."""
    if not toolchains.has_host():
        raise BenchmarkRunError("There is no gcc, which the C of the header needs.")
    pictures = letters()[0][:LETTERS]
    taken: dict[str, list[tuple[float, float]]] = {SMALL: [], LARGE: []}
    with TemporaryDirectory() as folder:
        for _round in range(5):
            for name, times in taken.items():
                times.append(toolchains.timed_on_host(to_header(whole(name, IN_C)), Path(folder), pictures))
    return {name: (min(a for a, _ in times), min(b for _, b in times)) for name, times in taken.items()}


def report(seconds: Seconds, in_c: Mapping[str, tuple[float, float]], machine: Mapping[str, object]) -> BenchmarkReport:
    """Medians against their thresholds."""
    columns = ("model", "what", "how", "median µs a letter", "times fp32's")
    medians = {key: statistics.median(values) for key, values in seconds.items()}
    rows = [
        (name, f"numpy {each}", BATCHES[batch][0], f"{1e6 * taken:.2f}", f"{_ratio(seconds, (name, batch, each)):.3f}")
        for (name, batch, each), taken in medians.items()
    ]
    for name, (letter, layers) in in_c.items():
        rows.append((name, f"C {IN_C}, layers", "one by one", f"{1e6 * layers:.2f}", ""))
        rows.append((name, f"C {IN_C}, with directions", "one by one", f"{1e6 * letter:.2f}", ""))
    title = f"{LETTERS:,} letters at each precision, one core, processor time"
    return BenchmarkReport("precision-speed", title, machine, list(_figures(seconds, in_c)), columns, rows)


def _ratio(seconds: Seconds, key: Key) -> float:
    """The median of the ratios of each round: what is slow for a while is slow for both."""
    name, batch, _precision = key
    pairs = zip(seconds[key], seconds[(name, batch, REFERENCE)], strict=True)
    return statistics.median(ours / theirs for ours, theirs in pairs)


def _figures(seconds: Seconds, in_c: Mapping[str, tuple[float, float]]) -> Iterator[Figure]:
    for key in seconds:
        name, batch, precision = key
        if precision != REFERENCE:
            words, most = BATCHES[batch]
            yield Figure(f"{name} {precision}, {words}: times fp32's time", _ratio(seconds, key), "×", most)
    faster = in_c[LARGE][1] / in_c[SMALL][1]
    what = f"C: {SMALL} against {LARGE}, layers"
    yield Figure(what, faster, "× faster", TIMES_FASTER, more_is_better=True)
    whole_letter = in_c[LARGE][0] / in_c[SMALL][0]
    yield Figure(f"C: {SMALL} against {LARGE}, with the directions of the picture", whole_letter, "× faster")
