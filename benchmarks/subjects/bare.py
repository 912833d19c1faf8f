"""A training with nothing around it: no claim, no rows, no checkpoints.

Usage: PROPIS_VAR=… python -m benchmarks.subjects.bare PRESET [NAME=VALUE …]; it trains on the only data set, which is
read before the clock starts.
"""

import os
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hwrsite.settings")

import django

from benchmarks.harness import serve


def main() -> None:
    """Time one training after the other."""
    django.setup()
    from recognizer.core.ink import specification
    from training.core.hyperparameters import PRESETS, Hyperparameters
    from training.core.trainer import TrainingState, train
    from training.datasets.content.splitting import Split
    from training.datasets.models import Dataset
    from training.datasets.storage import input_files  # needs the settings

    preset, *changes = sys.argv[1:]
    recipe = Hyperparameters.from_mapping(dict(change.split("=", 1) for change in changes), base=PRESETS[preset])
    dataset = Dataset.objects.get()
    ink = specification(recipe.ink_specification)
    training = input_files.load(dataset, Split.TRAIN, ink.pictures.name)
    validation = input_files.load(dataset, Split.VALIDATION, ink.name)

    def repeat() -> float:
        start = time.perf_counter()
        state = TrainingState.begin(recipe, n_inputs=ink.length, n_classes=len(dataset.letters))
        for _metrics in train(state, training, validation):
            pass
        return time.perf_counter() - start

    serve({"environment": {}}, repeat)


if __name__ == "__main__":
    main()
