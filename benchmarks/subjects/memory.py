"""One epoch on 90,000 letters, as bytes; then the peak of this process's memory.

Usage: python -m benchmarks.subjects.memory PRESET LETTERS, LETTERS being what `materials.letters` saved.
"""

import dataclasses
import sys
from pathlib import Path

import numpy as np

from benchmarks.harness import serve
from recognizer.core.ink import specification
from training.core.hyperparameters import PRESETS
from training.core.samples import Samples
from training.core.trainer import TrainingState, train

IMAGES, VALIDATION = 90_000, 9_000


def main() -> None:
    """Train, then report."""
    recipe = dataclasses.replace(PRESETS[sys.argv[1]], epochs=1)
    with np.load(sys.argv[2]) as file:
        inputs, labels = file["moments"], file["labels"]
    if recipe.ink_specification == "raw-28":
        inputs = 255 - inputs
    training, validation = (
        Samples(np.resize(inputs, (count, inputs.shape[1])), np.resize(labels, count)) for count in (IMAGES, VALIDATION)
    )
    ink = specification(recipe.ink_specification)
    validation = Samples(ink.of_pictures(validation.inputs), validation.labels)
    state = TrainingState.begin(recipe, n_inputs=ink.length, n_classes=int(labels.max()) + 1)
    epochs = sum(1 for _ in train(state, training, validation))
    serve({"environment": {}, "peak_mb": _peak_mb(), "epochs": epochs}, lambda: 0.0)


def _peak_mb() -> float:
    """Linux's high-water mark of this program; `getrusage` includes its parent's from before it was started."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    kib = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(kib) / 1024


if __name__ == "__main__":
    main()
