"""`python -m benchmarks.accuracy.mixing --data FOLDER`: few letters of people beside synthetic ones; it resumes.

Of Cyrillic-MNIST's training pictures so many are taken, the same number of each letter, and `standard` is trained on
them alone, on synthetic letters alone, and on both with the shares that the form of a run offers. All are read on
Cyrillic-MNIST's validation pictures.
"""

import argparse
import hashlib
import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.command import MeasuringCommand
from benchmarks.harness import BenchmarkReport, Figure
from benchmarks.reading import machine
from recognizer.core.files import replacing
from recognizer.core.ink import specification
from training.core.hyperparameters import PRESETS, Hyperparameters
from training.core.samples import Samples
from training.core.trainer import TrainingState, train

LETTERS = (100, 300, 1000, 10_000)
EPOCHS = 12
WORSE_POINTS = 1.0
"""The mix may be so much worse than the better of the two alone."""
KINDS = ("real", "synthetic", "both")


def part_of(samples: Samples, size: int, *, seed: int) -> Samples:
    """`size` samples, the same number of each label, give or take one."""
    rng = np.random.default_rng(seed)
    labels = np.unique(samples.labels)
    counts = np.diff(np.rint(np.linspace(0, size, len(labels) + 1)).astype(int))
    pairs = zip(labels, counts, strict=True)
    rows = np.concatenate([rng.permutation(np.flatnonzero(samples.labels == label))[:count] for label, count in pairs])
    return Samples(samples.inputs[rows], samples.labels[rows])


def recipe_of(sources: Mapping[str, Samples], hyperparameters: Hyperparameters) -> Hyperparameters:
    """The recipe as the form of a run offers it for these sources, by kind."""
    from training.runs.defaults import Source, fitting_shares  # after Django was told where its state is

    known = [
        Source(np.bincount(samples.labels).tolist(), is_synthetic=kind == "synthetic")
        for kind, samples in sources.items()
    ]
    return replace(hyperparameters, **fitting_shares(known, hyperparameters))


class Mixing:
    """The trainings, each with a JSON file of its result."""

    def __init__(self, folder: Path, sources: Mapping[str, Samples], validation: Samples) -> None:
        """Keep results in this folder."""
        self._folder = folder
        self._sources = sources
        self._validation = validation
        folder.mkdir(parents=True, exist_ok=True)

    def result(self, letters: int, kind: str, hyperparameters: Hyperparameters) -> dict[str, float]:
        """Validation accuracy in percent, samples of an epoch and seconds of a training, now or from before."""
        real = part_of(self._sources["real"], letters, seed=hyperparameters.seed)
        sources = {"real": real, "synthetic": self._sources["synthetic"]}
        chosen = sources if kind == "both" else {kind: sources[kind]}
        recipe = recipe_of(chosen, hyperparameters)
        inputs = [hashlib.sha256(samples.inputs.tobytes()).hexdigest() for samples in chosen.values()]
        key = hashlib.sha256(json.dumps([recipe.as_dict(), inputs], sort_keys=True).encode()).hexdigest()[:16]
        path = self._folder / f"{key}.json"
        if not path.exists():
            result = self._trained(list(chosen.values()), recipe)
            with replacing(path) as file:
                file.write(json.dumps(result).encode())
            print(f"{letters} letters, {kind}: {result['accuracy']:.2f} %", file=sys.stderr)
        kept: dict[str, float] = json.loads(path.read_text(encoding="utf-8"))
        return kept

    def _trained(self, sources: Sequence[Samples], recipe: Hyperparameters) -> dict[str, float]:
        began, classes = time.perf_counter(), int(self._validation.labels.max()) + 1
        state = TrainingState.begin(recipe, n_inputs=self._validation.inputs.shape[1], n_classes=classes)
        last = [metrics.validation_accuracy for metrics in train(state, sources, self._validation)][-1]
        samples = recipe.epoch_samples or sum(map(len, sources))
        return {"accuracy": 100 * last, "samples": samples, "seconds": time.perf_counter() - began}


def report(mixing: Mixing, letters: Sequence[int], hyperparameters: Hyperparameters) -> BenchmarkReport:
    """Train what is not trained yet, and report on all of it."""
    figures, rows = [], []
    for count in letters:
        results = {kind: mixing.result(count, kind, hyperparameters) for kind in KINDS}
        real, synthetic, both = (results[kind]["accuracy"] for kind in KINDS)
        name = f"both less the better alone, {count:,} letters of people"
        figures.append(Figure(name, both - max(real, synthetic), "points", -WORSE_POINTS, more_is_better=True))
        samples = " / ".join(f"{results[kind]['samples']:,.0f}" for kind in KINDS)
        rows.append((f"{count:,}", f"{real:.2f}", f"{synthetic:.2f}", f"{both:.2f}", samples))
    after = f"validation accuracy in percent after {hyperparameters.epochs} epochs"
    title = f"Few letters of people beside synthetic ones: {after}"
    columns = ("letters of people", "alone", "synthetic alone", "both", "samples of an epoch, of each")
    return BenchmarkReport("mixing", title, machine(), figures, columns, rows)


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--letters", nargs="+", type=int, default=LETTERS, metavar="N", help="letters of people")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--seed", type=int, default=1)


def _measure(options: argparse.Namespace) -> BenchmarkReport:
    recipe = replace(PRESETS["standard"], epochs=options.epochs, seed=options.seed)
    return report(_mixing(options.data, options.state, recipe), options.letters, recipe)


def _mixing(data: Path, state: Path, recipe: Hyperparameters) -> Mixing:
    from benchmarks.accuracy.locks import locked
    from benchmarks.accuracy.measuring import prepare
    from benchmarks.accuracy.plan import MADE, PAPER
    from training.datasets.content.splitting import Split
    from training.datasets.models import Dataset
    from training.datasets.storage import input_files

    with locked(state / "import.lock"):
        prepare(data, [PAPER, MADE])
    paper, made = (Dataset.objects.get(name=name) for name in (PAPER, MADE))
    ink = specification(recipe.ink_specification)
    sources = {
        "real": input_files.load(paper, Split.TRAIN, ink.pictures.name),
        "synthetic": input_files.load(made, Split.TRAIN, ink.pictures.name),
    }
    return Mixing(state / "mixing", sources, input_files.load(paper, Split.VALIDATION, ink.name))


COMMAND = MeasuringCommand(
    "accuracy.mixing", "Measures the default shares.", _measure, _add_options, data="folder of cmnist.zip"
)

if __name__ == "__main__":
    sys.exit(COMMAND.run())
