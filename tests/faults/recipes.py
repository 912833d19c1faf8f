"""Short trainings for tests of faults: a data set, runs, and what an undisturbed one ends with."""

from collections.abc import Sequence
from typing import Any

from tests.faults.rows import rows
from tests.product import Product, wait_until

EPOCHS = 200
CHANGES = {"batch_size": 64, "epochs": EPOCHS}
PICTURES_PER_LETTER = 30


def prepare(product: Product) -> None:
    """Set it up with a data set, the same each time; in one process, as each takes a while to begin."""
    archive = product.var / "letters.zip"
    shell(
        product,
        "from pathlib import Path\n"
        "from django.core.management import call_command\n"
        "from training.datasets import synthesis\n"
        "call_command('migrate', verbosity=0)\n"
        f"synthesis.make_archive(Path({str(archive)!r}), per_letter={PICTURES_PER_LETTER}, seed=1)\n"
        f"call_command('import_dataset', {str(archive)!r}, name='letters')\n"
        "call_command('setup')",  # last: where there is a data set, it has the worker make none
    )


def shell(product: Product, code: str) -> str:
    """Run code in the product; return what it prints."""
    return product.manage("shell", "--no-imports", "-v0", "-c", code, timeout=300).stdout


def undisturbed(product: Product) -> str:
    """Train on a terminal; return the hash of the weights."""
    changes = [word for name, value in CHANGES.items() for word in ("--set", f"{name}={value}")]
    answer = product.manage_json("train", "--dataset", "letters", "--preset", "small", *changes, timeout=300)
    assert answer["state"] == "succeeded"
    return str(answer["weights_sha256"])


def queue(product: Product, first: str = "", **changes: int) -> int:
    """Queue a run and go away; return its number. `first` is code that runs before."""
    return int(
        shell(
            product,
            "from training.core.hyperparameters import PRESETS, Hyperparameters\n"
            "from training.datasets.models import Dataset\n"
            "from training.runs.services import create_run\n"
            "from training.runs.models import Run\n"
            f"{first}\n"
            f"recipe = Hyperparameters.from_mapping({CHANGES | changes}, base=PRESETS['small'])\n"
            "print(create_run([Dataset.objects.get(name='letters')], recipe, preset='small').pk)",
        )
    )


def run_of(product: Product, key: int) -> dict[str, Any]:
    """The run as the database has it."""
    [row] = rows(product, f"SELECT * FROM runs_run WHERE id = {key}")
    return row


def events(product: Product, key: int, name: str) -> list[str]:
    """The texts of a run's events of one name, oldest first."""
    found = rows(
        product,
        f"SELECT text FROM jobs_jobevent WHERE kind = 'runs.run' AND job_id = {key} AND name = '{name}' ORDER BY id",
    )
    return [str(event["text"]) for event in found]


def wait_for_epoch(product: Product, key: int, epoch: int = 10) -> None:
    """Wait until a run is in the middle of its training."""
    wait_until(lambda: run_of(product, key)["epoch"] >= epoch)
    assert run_of(product, key)["epoch"] < EPOCHS - 20, "it went too fast to be disturbed"


def wait_for_end(product: Product, keys: Sequence[int], *, seconds: float = 120) -> None:
    """Wait until these runs have ended."""
    ends = ("succeeded", "failed", "cancelled")
    wait_until(lambda: all(run_of(product, key)["state"] in ends for key in keys), seconds=seconds)


def assert_like_undisturbed(product: Product, key: int, weights_sha256: str) -> None:
    """Each epoch once, one end, and the same bits."""
    run = run_of(product, key)
    assert (run["state"], run["error"], run["weights_sha256"]) == ("succeeded", "", weights_sha256)
    written = rows(product, f"SELECT epoch FROM runs_epoch WHERE run_id = {key} ORDER BY epoch")
    assert [row["epoch"] for row in written] == list(range(1, EPOCHS + 1))
    assert len(events(product, key, "succeeded")) == 1
