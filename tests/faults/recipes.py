"""Short trainings for tests of faults: a data set, runs, and what an undisturbed one ends with."""

import shutil
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from tests import prepared
from tests.faults.postgres_server import cluster, migrated
from tests.faults.rows import rows
from tests.product import Product, embedded, wait_until

EPOCHS = 200
CHANGES = {"batch_size": 64, "epochs": EPOCHS}
PICTURES_PER_LETTER = 30
SHELL = ("shell", "--no-imports", "-v0", "-c")


PREPARE = f"""
from django.conf import settings
from django.core.management import call_command
from training.datasets import synthesis
archive = settings.PROPIS_VAR / "letters.zip"
call_command("migrate", verbosity=0)
if not archive.exists():
    synthesis.make_archive(archive, per_letter={PICTURES_PER_LETTER}, seed=1)
call_command("import_dataset", str(archive), name="letters")
call_command("setup")  # last: where there is a data set, it has the worker make none
"""
"""Sets a product up with a data set, the same each time; in one process, as each takes a while to begin."""


def with_letters() -> Path:
    """The folder of a product that is set up and has a data set; kept by `prepared`."""
    return prepared.folder(
        "with-letters", lambda made: prepared.manage(made, *SHELL, PREPARE), base=prepared.database().parent
    )


def trained() -> Path:
    """The folder of a product with a data set, in which one run was trained on a terminal; kept by `prepared`."""
    return prepared.folder("trained", _train_undisturbed, base=with_letters())


def _train_undisturbed(made: Path) -> None:
    changes = [word for name, value in CHANGES.items() for word in ("--set", f"{name}={value}")]
    prepared.manage(made, "train", "--dataset", "letters", "--preset", "small", *changes)


def prepare(product: Product) -> None:
    """Set a product up with the same data set."""
    shutil.copytree(with_letters() / "static", product.var / "static", dirs_exist_ok=True)
    shutil.copy(with_letters() / "letters.zip", product.var)
    shell(product, PREPARE)


def with_letters_on_postgres() -> Path:
    """A folder with the files (`var`) and the PostgreSQL cluster (`data`) of such a product; kept by `prepared`."""
    return prepared.folder("with-letters-on-postgres", partial(_prepare_on_postgres, migrated(), with_letters()))


def _prepare_on_postgres(database: Path, letters: Path, made: Path) -> None:
    var = made / "var"
    shutil.copytree(letters / "static", var / "static")
    shutil.copy(letters / "letters.zip", var)
    with cluster(database) as server:
        Product(var, embedded(var) | {"DATABASE_URL": server.url}).manage(*SHELL, PREPARE)
        server.keep(made)


def shell(product: Product, code: str) -> str:
    """Run code in the product; return what it prints."""
    done = product.run(code)
    assert done.returncode == 0, done.stderr
    return done.stdout


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


def wait_for_end(product: Product, keys: Sequence[int], *, seconds: float = 300) -> None:
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
