"""A state folder for later versions to read: an administrator, a data set, two models, a run that was paused in the
middle, one whose machine was switched off in the middle, and one that waits.

`make upgrade-state AT=tag` runs it with the code of a version and keeps what it leaves, `state.zip`, beside this file.
"""

import json
import os
import signal
import tempfile
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from accounts.models import User
from recognizer import loading
from recognizer.models import StoredModel
from training.core.hyperparameters import PRESETS, Hyperparameters
from training.core.trainer import EpochMetrics
from training.datasets import synthesis
from training.datasets.content.splitting import Split
from training.datasets.imports.pipeline import import_archive
from training.datasets.models import Dataset
from training.datasets.storage import input_files
from training.devices.benchmarks import environment
from training.jobs import lifecycle
from training.jobs.models import JobEvent
from training.jobs.worker.work_loop import Lease, work
from training.runs import services
from training.runs.models import Run
from training.runs.services import create_run
from training.runs.worker import checkpoints, execution

PER_LETTER, EPOCHS, STOPPED_AFTER = 3, 4, 2
PASSWORD = "of an earlier version"
KEPT = ("propis.sqlite3", "identity", "datasets", "models", "checkpoints")


def main() -> None:
    """Make the state and pack it."""
    call_command("migrate", verbosity=0)
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "letters.zip"
        synthesis.make_archive(archive, per_letter=PER_LETTER, seed=3)
        dataset = import_archive(archive, name="letters", seed=3)
    trained(dataset, "pixels", "thesis-relu", {"hidden_layers": (3,)})
    small = {"hidden_layers": (3,), "batch_size": 16, "warmup_steps": 2, "ema": 0.9}
    trained(dataset, "moments", "standard", small)
    trained(dataset, "paused", "standard", small, paused_after=STOPPED_AFTER)
    killed(dataset, "switched off", "standard", small)
    create_run([dataset], recipe_of("standard", small), preset="standard", name="waiting", queue=False)
    User.objects.create_superuser("head", password=PASSWORD)
    about = {
        "environment": environment.describe(),
        "epochs": dict(Run.objects.values_list("name", "epoch")),
        "weights": dict(StoredModel.objects.values_list("name", "weights_sha256")),
        "probabilities": {name: probabilities(name) for name in ("pixels", "moments")},
    }
    pack(settings.PROPIS_VAR / "state.zip", about)


def recipe_of(preset: str, changes: dict[str, Any]) -> Hyperparameters:
    """A preset, with changes."""
    return Hyperparameters.from_mapping({**changes, "epochs": EPOCHS, "early_stopping": 0}, base=PRESETS[preset])


def killed(dataset: Dataset, name: str, preset: str, changes: dict[str, Any]) -> None:
    """Train a run in a process that is killed after an epoch: the row is left as one that is being trained."""
    connection.close()
    process = os.fork()
    if process == 0:
        record = services.record_epoch

        def then_die(run: Run, metrics: EpochMetrics) -> None:
            record(run, metrics)
            if metrics.epoch == STOPPED_AFTER:
                os.kill(os.getpid(), signal.SIGKILL)

        vars(services)["record_epoch"] = then_die
        trained(dataset, name, preset, changes)
    os.waitpid(process, 0)
    assert Run.objects.get(name=name).state == "running"


def trained(dataset: Dataset, name: str, preset: str, changes: dict[str, Any], *, paused_after: int = 0) -> None:
    """Train a run to its end, or until it is paused."""
    recipe = recipe_of(preset, changes)
    run, record = create_run([dataset], recipe, preset=preset, name=name, queue=False), services.record_epoch
    held: list[Lease] = []

    def then_pause(run: Run, metrics: EpochMetrics) -> None:
        record(run, metrics)
        if metrics.epoch == paused_after:
            lifecycle.request_pause(run)
            while not held[0].should_stop():
                time.sleep(0.1)

    def execute(run: Run, lease: Lease) -> None:
        held.append(lease)
        execution.execute(run, lease)

    vars(services)["record_epoch"] = then_pause
    work(run, execute)
    vars(services)["record_epoch"] = record


def probabilities(model: str) -> list[float]:
    """What a model reads in the first letter of the test split."""
    stored = StoredModel.objects.get(name=model)
    letters = input_files.load(Dataset.objects.get(), Split.TEST, stored.ink_specification)
    return [float(each) for each in loading.load_stored(stored).network.read(letters.inputs[:1])[0]]


def pack(path: Path, about: Mapping[str, object]) -> None:
    """The parts that a later version needs, without the names of this machine."""
    Run.objects.exclude(worker="").update(worker="another machine")
    JobEvent.objects.all().delete()
    checkpoints.prune()
    for run in settings.PROPIS_VAR.glob("checkpoints/*"):
        for older in sorted(run.glob("*.npz"))[:-1]:
            older.unlink()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.execute("VACUUM")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("about.json", json.dumps(about, indent=1))
        for file in sorted(settings.PROPIS_VAR.rglob("*")):
            name = file.relative_to(settings.PROPIS_VAR)
            if file.is_file() and name.parts[0] in KEPT and file.name != "sheet.png":
                archive.write(file, str(name))


main()
