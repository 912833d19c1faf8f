"""Work that a product has really done, for pictures of its pages: data, trainings, a sweep and what comes of them.

`tests.world` makes rows without files behind them. On a page that is to be judged by its looks there are letters,
curves, mistakes and findings as a small installation has them.
"""

import json
import tempfile
from pathlib import Path

from django.core.management import call_command

from training.datasets.models import Dataset
from training.datasets.tasks import import_next
from training.runs.models import Run

EPOCHS, TRIAL_EPOCHS = 6, 3
SPACE = {
    "learning_rate": {"low": 0.003, "high": 0.3, "log": True},
    "batch_size": [15, 60],
    "hidden_layers": [[32], [64]],
}


def do() -> None:
    """Make the first data set; train, search, check its labels, compress and measure on it."""
    import_next()
    name = Dataset.objects.get().name
    call_command("train", dataset=[name], preset="small", epochs=str(EPOCHS))
    call_command("train", dataset=[name], preset="small", epochs=str(EPOCHS), set=["learning_rate=0.02"])
    with tempfile.NamedTemporaryFile("w", suffix=".json") as space:
        space.write(json.dumps(SPACE))
        space.flush()
        call_command(
            "sweep", dataset=[name], strategy="random", space=Path(space.name), trials=6, epochs=str(TRIAL_EPOCHS)
        )
    call_command("clean_dataset", name)
    model = Run.objects.filter(stored_model__isnull=False).earliest("pk").stored_model
    assert model is not None
    call_command("compress", model.name, precision="int8")
    call_command("benchmark", model=model.name, images=1000)
