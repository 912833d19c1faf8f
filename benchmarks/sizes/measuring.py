"""The sweep of `manage.py sweep_sizes` on both archives, as a report and as the figures that ship with the page."""

import json
import statistics
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.accuracy.measuring import prepare
from benchmarks.accuracy.plan import BOTH, DATASETS, MADE
from benchmarks.accuracy.report import wilson
from benchmarks.chip.letters import letters
from benchmarks.harness import BenchmarkReport, BenchmarkRunError, Figure, interleaved
from benchmarks.output import FIGURES
from benchmarks.precisions.measuring import ROWS
from benchmarks.precisions.speed import seconds_of_a_letter
from benchmarks.reading import machine
from recognizer import loading, services
from recognizer.models import StoredModel
from training.datasets.content.splitting import Split
from training.datasets.models import Dataset
from training.devices.choice import measured
from training.devices.choice.measured import MeasuredDevice, ModelFigures
from training.devices.exports import CHIP, COMPUTER
from training.study.sizes import SHAPES, Shape, SizesError, SizeSweep

TIMED, ROUNDS = 300, 11
"""Letters of a round, and rounds."""
CLOCK_MHZ = 16
CHIP_DEVICE = MeasuredDevice("atmega328p", f"ATmega328P, {CLOCK_MHZ} MHz", CHIP, is_simulated=True)


def run(data: Path, shapes: Sequence[str], *, epochs: int | None, tuning: int, page: bool) -> BenchmarkReport:
    """Sweep and report; with `page` also write what the page shows of a fresh install.

    Raises:
        BenchmarkRunError: an archive is missing, or the sweep cannot go on.

    """
    prepare(data, (*BOTH, MADE))
    services.add_shipped()
    rows = [Dataset.objects.get(name=name) for name in (*BOTH, MADE)]
    found: list[ModelFigures] = []
    try:
        sweep = SizeSweep(
            rows, [Shape.named(name) for name in shapes or SHAPES], epochs=epochs, tuning=tuning, is_timed=False
        )
        for each in sweep.run():
            print(f"{each.name}: {each.file_bytes:,} bytes, validation {dict(each.validation)}", file=sys.stderr)
            found.append(each)
    except SizesError as error:
        raise BenchmarkRunError(str(error)) from error
    found = _timed(found)
    images = {row.name: row.size(Split.TEST) for row in rows if row.name in BOTH}
    if page:
        _write_page(found, images)
    return _report(found, images)


def _timed(found: Sequence[ModelFigures]) -> list[ModelFigures]:
    """The figures with processor time for a letter, one by one: medians of rounds in which all models take turns."""
    measures = {}
    for each in found:
        model = loading.load_stored(StoredModel.objects.get(file_sha256=each.file_sha256))
        inputs = model.ink.of_pictures(letters()[0][:TIMED])
        measures[each.file_sha256] = partial(seconds_of_a_letter, model.network.read, inputs, 1)
    seconds = interleaved(measures, rounds=ROUNDS, repeats=1, warmup=1)
    medians = {sha256: round(1e6 * statistics.median(values), 2) for sha256, values in seconds.items()}
    return [replace(each, microseconds={COMPUTER: medians[each.file_sha256]}) for each in found]


def _report(found: Sequence[ModelFigures], images: Mapping[str, int]) -> BenchmarkReport:
    columns = ("model", "layers", "bytes of the file", *_columns("validation"), *_columns("test"), "µs for a letter")
    rows = [_row(each, images) for each in sorted(found, key=lambda each: each.file_bytes)]
    title = "Models by shape and precision: file, accuracy in percent with 95 % intervals, processor time one by one"
    return BenchmarkReport("sizes", title, machine(), list(_figures(found)), columns, rows)


def _columns(split: str) -> list[str]:
    return [f"{DATASETS[name].label} {split}" for name in BOTH]


def _row(model: ModelFigures, images: Mapping[str, int]) -> list[str]:
    validation = [f"{100 * model.validation[name]:.2f}" for name in BOTH]
    test = [_with_interval(model.test[name], images[name]) for name in BOTH]
    return [
        model.name, model.shape, f"{model.file_bytes:,}", *validation, *test, f"{model.microseconds[COMPUTER]:.1f}",
    ]  # fmt: skip


def _with_interval(share: float, images: int) -> str:
    low, high = wilson(share, images)
    return f"{100 * share:.2f} ({100 * low:.2f} … {100 * high:.2f})"


def _figures(found: Sequence[ModelFigures]) -> Iterator[Figure]:
    """For each size of a file the model that validation likes best, and how it reads the test splits."""
    for kb, asked in ROWS.items():
        fitting = [each for each in found if each.file_bytes <= kb * 1024]
        if not fitting:
            continue
        best = max(fitting, key=lambda each: sum(each.validation.values()))
        for name, least in zip(BOTH, asked, strict=True):
            what = f"≤ {kb} KB: {DATASETS[name].label}, by {best.name}"
            yield Figure(what, 100 * best.test[name], "%", least, more_is_better=True)


def _write_page(found: Sequence[ModelFigures], images: Mapping[str, int]) -> None:
    """Write the figures that ship, with the chip's cycles from its own benchmark."""
    about = machine()
    computer = MeasuredDevice(COMPUTER, f"numpy, {about['processor']}", COMPUTER)
    cycles = _cycles()
    models = [replace(each, microseconds={**each.microseconds, **cycles.get(each.name, {})}) for each in found]
    content = {
        "made": datetime.now(UTC).date().isoformat(),
        "machine": about,
        "images": images,
        "labels": {name: DATASETS[name].label for name in BOTH},
        "devices": [asdict(computer), asdict(CHIP_DEVICE)],
        "models": [asdict(each) for each in models],
    }
    measured.FILE.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _cycles() -> dict[str, dict[str, float]]:
    """Microseconds on the chip by model, from docs/figures/chip.json."""
    rows: list[dict[str, Any]] = json.loads((FIGURES / "chip.json").read_text(encoding="utf-8"))["rows"]
    mean = {row["model"]: int(row["cycles, mean"].replace(",", "")) for row in rows}
    return {name: {CHIP_DEVICE.key: round(count / CLOCK_MHZ, 1)} for name, count in mean.items()}
