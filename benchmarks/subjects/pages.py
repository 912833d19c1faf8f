"""Processor time of the pages of a data set of 120,000 pictures, and of 200 runs of 200 epochs that are compared.

Usage: python -m benchmarks.subjects.pages. The state is a folder of its own, thrown away in the end. Each page is asked
three times, and its best time counts.
"""

import json
import os
import tempfile
import time
from dataclasses import replace
from typing import Any

RUNS, EPOCHS, REPEATS = 200, 200, 3
COMPARISON = f"{RUNS} runs compared"
PAGES = {
    "list of data sets": "/data/",
    "data set": "/data/{key}/",
    "pictures, first page": "/data/{key}/examples/",
    "pictures, in the middle": "/data/{key}/examples/?page={middle}",
    "pictures, last page": "/data/{key}/examples/?page={last}",
    "pictures of a letter": "/data/{key}/examples/?letter=Ж&page=9",
    "pictures of a letter and split": "/data/{key}/examples/?letter=Ж&split=test&page=2",
    "pictures with a finding": "/data/{key}/examples/?finding=label&page=9",
    "pictures with any finding": "/data/{key}/examples/?finding=any&page=99",
    "review": "/data/{key}/review/",
    "review, in the middle": "/data/{key}/review/?kind=label&page=25",
    "review of copies": "/data/{key}/review/?kind=across&page=20",
    "review of a letter": "/data/{key}/review/?kind=outlier&letter=Ж",
    "review with decided ones": "/data/{key}/review/?kind=label&decided=1&page=80",
    "contact sheet of the data set": "/data/{key}/sheet.png",
    "averages": "/data/{key}/averages.png",
}


def main() -> None:
    """Measure in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="propis-pages-") as folder:
        os.environ.update(PROPIS_VAR=folder, DJANGO_SETTINGS_MODULE="hwrsite.settings")
        import django  # the folder of the state must be known before the settings are read

        django.setup()
        print(json.dumps(measure()), flush=True)


def measure() -> dict[str, float]:
    """Seconds of processor time by page."""
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.test import Client

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    client = Client(SERVER_NAME="localhost")
    client.force_login(get_user_model().objects.create_superuser("admin"))
    found = addresses(*_dataset())
    found[COMPARISON] = "/runs/compare/?" + "&".join(f"run={key}" for key in _runs())
    return {name: min(_seconds(client, address) for _time in range(REPEATS)) for name, address in found.items()}


def addresses(key: int, pictures: int) -> dict[str, str]:
    """Addresses of the pages of a large data set, by what they show."""
    from training.datasets.web.picture_views import PICTURES_ON_A_PAGE

    last = -(-pictures // PICTURES_ON_A_PAGE)
    return {name: address.format(key=key, middle=last // 2, last=last) for name, address in PAGES.items()}


def _dataset() -> tuple[int, int]:
    """Make the large data set, with what a search may find in it; return its key and how many pictures it has."""
    from benchmarks.materials import large_dataset
    from training.datasets.storage.picture_files import Index

    made = large_dataset.make_dataset("large")
    large_dataset.add_findings(made, Index.load(made.folder))
    return made.pk, made.pictures


def _runs() -> list[int]:
    """Make runs that differ in two hyperparameters and have trained; return their numbers."""
    from training.core.hyperparameters import PRESETS
    from training.runs.models import Epoch, Run

    recipes = [replace(PRESETS["small"], learning_rate=0.001 * n, seed=n).as_dict() for n in range(1, RUNS + 1)]
    Run.objects.bulk_create(Run(name=f"run {n}", hyperparameters=recipe) for n, recipe in enumerate(recipes))
    keys = list(Run.objects.order_by("pk").values_list("pk", flat=True))
    same = {"train_cost": 1, "train_accuracy": 0, "validation_cost": 1, "seconds": 1}
    Epoch.objects.bulk_create(
        Epoch(run_id=key, epoch=epoch, validation_accuracy=(key * epoch % 97) / 97, **same)
        for key in keys
        for epoch in range(1, EPOCHS + 1)
    )
    return keys


def _seconds(client: Any, address: str) -> float:
    began = time.process_time()
    response = client.get(address)
    assert response.status_code == 200, address
    assert response.getvalue(), address
    return time.process_time() - began


if __name__ == "__main__":
    main()
