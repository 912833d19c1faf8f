"""A training whose worker is killed, stopped, or never told: it ends with the same bits as an undisturbed one."""

import os
import signal
import sqlite3
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.product import Product, wait_until
from training.datasets import synthesis

EPOCHS = 250
CHANGES = {"batch_size": 64, "epochs": EPOCHS}


@pytest.fixture
def letters(product: Product, tmp_path: Path) -> None:
    """A data set to train on."""
    product.manage("migrate", "--verbosity", "0")
    archive = tmp_path / "letters.zip"
    synthesis.make_archive(archive, per_letter=30)
    product.manage("import_dataset", str(archive), "--name", "letters")


def train_undisturbed(product: Product) -> str:
    """Train on a terminal; return the hash of the weights."""
    changes = [word for name, value in CHANGES.items() for word in ("--set", f"{name}={value}")]
    answer = product.manage_json("train", "--dataset", "letters", "--preset", "small", *changes)
    assert answer["state"] == "succeeded"
    return str(answer["weights_sha256"])


def row(product: Product, key: int) -> dict[str, Any]:
    """The run as the database has it."""
    with sqlite3.connect(product.var / "propis.sqlite3", timeout=30) as connection:
        connection.row_factory = sqlite3.Row
        found = connection.execute("SELECT * FROM runs_run WHERE id = ?", (key,)).fetchone()
    connection.close()
    return dict(found) if found else {}


def queue(product: Product, **changes: int) -> int:
    """Queue a run and go away; return its number."""
    code = (
        "from training.core.hyperparameters import PRESETS, Hyperparameters\n"
        "from training.datasets.models import Dataset\n"
        "from training.runs.creation import create_run\n"
        f"recipe = Hyperparameters.from_mapping({CHANGES | changes}, base=PRESETS['small'])\n"
        "print(create_run([Dataset.objects.get()], recipe, preset='small').pk)"
    )
    return int(product.manage("shell", "--no-imports", "-c", code).stdout)


def is_in_the_middle(product: Product, key: int, *, attempt: int, after: int) -> bool:
    """Whether this attempt (or a later one) is training it, some epochs after that one."""
    run = row(product, key)
    return bool(run["state"] == "running" and run["attempt"] >= attempt and after + 5 < run["epoch"] < EPOCHS - 20)


def epochs_of(product: Product, key: int) -> list[int]:
    """The epochs that have a row."""
    with sqlite3.connect(product.var / "propis.sqlite3", timeout=30) as connection:
        found = connection.execute("SELECT epoch FROM runs_epoch WHERE run_id = ? ORDER BY epoch", (key,)).fetchall()
    connection.close()
    return [epoch for (epoch,) in found]


@pytest.mark.timeout(240)
@pytest.mark.usefixtures("letters")
def test_killed_twice_and_stopped_once_it_ends_with_the_same_bits(product: Product) -> None:
    undisturbed = train_undisturbed(product)
    key = queue(product)
    product.start()
    for _kill in range(2):
        before = row(product, key)
        later = {"attempt": before["attempt"] + 1, "after": before["epoch"]}
        wait_until(partial(is_in_the_middle, product, key, **later), seconds=60)
        os.kill(int(row(product, key)["worker"].split(":")[1]), signal.SIGKILL)

    before = row(product, key)
    wait_until(lambda: is_in_the_middle(product, key, attempt=before["attempt"] + 1, after=before["epoch"]), seconds=60)
    product.stop()
    stopped = row(product, key)
    assert (stopped["state"], stopped["heartbeat_at"]) == ("queued", None)
    assert stopped["epoch"] < EPOCHS

    product.start()
    wait_until(lambda: row(product, key)["state"] in ("succeeded", "failed"), seconds=120)
    ended = row(product, key)
    assert (ended["state"], ended["error"]) == ("succeeded", "")
    assert ended["weights_sha256"] == undisturbed
    assert ended["attempt"] >= 4
    assert epochs_of(product, key) == list(range(1, EPOCHS + 1))
    wait_until(lambda: not any((product.var / "checkpoints").iterdir()), seconds=20)


@pytest.mark.timeout(120)
@pytest.mark.usefixtures("letters")
def test_a_message_that_is_lost_is_sent_again(product: Product) -> None:
    key = queue(product, epochs=2)
    for path in (product.var / "queue" / "messages").iterdir():
        path.unlink()
    product.start()
    wait_until(lambda: row(product, key)["state"] == "succeeded", seconds=60)
    assert row(product, key)["attempt"] == 1
