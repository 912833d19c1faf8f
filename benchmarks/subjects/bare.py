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
    from training.core.hyperparameters import PRESETS, Hyperparameters
    from training.core.trainer import TrainingState, train
    from training.datasets import files  # needs the settings
    from training.datasets.models import Dataset
    from training.datasets.splitting import Split

    preset, *changes = sys.argv[1:]
    recipe = Hyperparameters.from_mapping(dict(change.split("=", 1) for change in changes), base=PRESETS[preset])
    dataset = Dataset.objects.get()
    training, validation = (
        files.load(dataset, split, recipe.ink_specification) for split in (Split.TRAIN, Split.VALIDATION)
    )

    def repeat() -> float:
        start = time.perf_counter()
        state = TrainingState.begin(recipe, n_inputs=784, n_classes=len(dataset.letters))
        for _metrics in train(state, training, validation):
            pass
        return time.perf_counter() - start

    serve({"environment": {}}, repeat)


if __name__ == "__main__":
    main()
