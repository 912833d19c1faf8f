"""From a model to a report on its doubt."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.accuracy.measuring import prepare
from benchmarks.doubt import drawings
from benchmarks.harness import BenchmarkReport, BenchmarkRunError, Figure
from benchmarks.reading import machine
from recognizer import loading
from recognizer.core import ink, model_file
from recognizer.core.activations import softmax
from recognizer.core.model_file import ModelFileError
from recognizer.loading import CatalogueError, LoadedModel
from training.core.doubt import REFUSED, LastLayers, calibration_error, last_layers
from training.datasets.content.splitting import Split
from training.datasets.models import Dataset
from training.datasets.storage import input_files

DATASETS = ("cmnist", "comnist")
ERROR_MOST, DOODLES_LEAST, SIGNS_LEAST = 1.0, 95.0, 80.0
"""Percent: of the calibration error; of each family of doodles refused; of digits and Latin capitals refused."""


@dataclass(frozen=True)
class Scored:
    """Scores (n,) of a kind of drawings, in a table's row."""

    kind: str
    scores: NDArray[np.float64]


def measure(model: LoadedModel) -> BenchmarkReport:
    """Let a model doubt the test letters and what is no letter."""
    layers, labels, counts = _test_letters(model)
    scores = _scores(model, layers)
    at_two = float(np.quantile(scores, REFUSED))
    rows = [Scored("test letters", scores)]
    for name, part in zip(DATASETS, np.split(scores, np.cumsum(counts)[:-1]), strict=True):
        rows.append(Scored(f"test letters, {name}", part))
    kinds = _kinds(model)
    rows += [Scored(kind, _scores(model, last_layers(model.network, inputs))) for kind, inputs in kinds.items()]
    by_kind = {row.kind: _percent(row.scores, at_two) for row in rows}
    figures = [*_calibration(model, layers, labels), *_refusals(by_kind)]
    table = [(row.kind, str(len(row.scores)), f"{by_kind[row.kind]:.1f}", _on_card(row, model)) for row in rows]
    columns = ("drawings", "number", "refused at 2 % of test letters, %", "refused at the card's threshold, %")
    title = f"Doubt of “{model.name}”: what it refuses to read"
    return BenchmarkReport(f"doubt-{Path(model.name).stem}", title, machine(), figures, columns, table)


def _test_letters(model: LoadedModel) -> tuple[LastLayers, NDArray[np.uint8], list[int]]:
    """Last layers and labels of the test letters of both data sets, and how many each has."""
    samples = [input_files.load(Dataset.objects.get(name=name), Split.TEST, model.ink.name) for name in DATASETS]
    layers = last_layers(model.network, np.concatenate([each.inputs for each in samples]))
    return layers, np.concatenate([each.labels for each in samples]), [len(each) for each in samples]


def _kinds(model: LoadedModel) -> dict[str, NDArray[np.uint8]]:
    """Inputs of everything else, by kind."""
    digits, capitals = drawings.digits(model.ink), drawings.latin_capitals(model.ink)
    whole, half = drawings.written_letters(model.ink)
    return {
        **drawings.doodles(model.ink),
        "digits without a twin": _joined(digits, drawings.DIGIT_TWINS),
        "Latin capitals without a likeness": _joined(capitals, drawings.LATIN_TWINS),
        "synthetic letters": whole,
        "letters without their last stroke": half,
        **{_name("digit", sign, drawings.DIGIT_TWINS): inputs for sign, inputs in digits.items()},
        **{_name("capital", sign, drawings.LATIN_TWINS): inputs for sign, inputs in capitals.items()},
    }


def _joined(signs: Mapping[str, NDArray[np.uint8]], twins: Mapping[str, str]) -> NDArray[np.uint8]:
    return np.concatenate([inputs for sign, inputs in signs.items() if sign not in twins])


def _name(kind: str, sign: str, twins: Mapping[str, str]) -> str:
    return f"{kind} {sign}, twin of {twins[sign]}" if sign in twins else f"{kind} {sign}"


def _calibration(model: LoadedModel, layers: LastLayers, labels: NDArray[np.uint8]) -> list[Figure]:
    before = calibration_error(softmax(layers.logits), labels)
    after = calibration_error(model.doubt.probabilities(layers.logits), labels)
    return [
        Figure("expected calibration error on test, uncalibrated", 100 * before, "%"),
        Figure(f"the same at temperature {model.doubt.temperature:g}", 100 * after, "%", ERROR_MOST),
    ]


def _refusals(by_kind: Mapping[str, float]) -> list[Figure]:
    least = {
        **dict.fromkeys(drawings.FAMILIES, DOODLES_LEAST),
        "digits without a twin": SIGNS_LEAST,
        "Latin capitals without a likeness": SIGNS_LEAST,
    }
    return [Figure(f"{kind} refused", by_kind[kind], "%", bound, more_is_better=True) for kind, bound in least.items()]


def _scores(model: LoadedModel, layers: LastLayers) -> NDArray[np.float64]:
    return model.doubt.scores(layers.hidden, layers.logits)


def _percent(scores: NDArray[np.float64], threshold: float) -> float:
    return 100 * float((scores < threshold).mean())


def _on_card(row: Scored, model: LoadedModel) -> str:
    threshold = model.doubt.threshold
    return "" if threshold is None else f"{_percent(row.scores, threshold):.1f}"


def run(data: Path, name: str) -> BenchmarkReport:
    """Measure a model of the state's catalogue, a shipped one, or that of a file.

    Raises:
        BenchmarkRunError: there is no such model, or an archive is missing.

    """
    prepare(data, DATASETS)
    try:
        return measure(_from_file(Path(name)) if Path(name).is_file() else loading.find(name))
    except (CatalogueError, ModelFileError) as error:
        raise BenchmarkRunError(str(error)) from error


def _from_file(path: Path) -> LoadedModel:
    content = model_file.read(path)
    return LoadedModel(content.network, content.card, ink.specification(content.card.ink_specification), path.stem)
