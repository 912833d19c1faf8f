"""Ctrl-C at any instant of a command, also while it still loads: one sentence, status 130, nothing half-written."""

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests import prepared
from tests.product import Product, embedded
from tests.training.datasets import making

COMMANDS = {
    "evaluate": ["evaluate", "{archive}"],
    "export_dataset": ["export_dataset", "letters", "--output", "{folder}/out.npz"],
    "benchmark": ["benchmark", "--images", "10", "--repeats", "1"],
    "clean_dataset": ["clean_dataset", "letters"],
}
LOADING = "Interrupted: nothing was done."
NOT_MEASURED, NOT_WRITTEN = "Interrupted: nothing was measured.", "Interrupted: no file was written."
NOT_TIMED, NOT_CHECKED = "The benchmark was cancelled.", "The label check was cancelled."
INSTANTS = [
    ("evaluate", "django", LOADING),  # before any command is looked at
    *((command, "numpy", LOADING) for command in COMMANDS),
    ("evaluate", "training.datasets.scoring:score_archive", NOT_MEASURED),
    ("evaluate", "recognizer.pictures:decode", NOT_MEASURED),
    ("export_dataset", "training.datasets.naming:dataset_named", NOT_WRITTEN),
    ("export_dataset", "training.datasets.storage.picture_files:encoded", NOT_WRITTEN),
    ("benchmark", "training.jobs.lifecycle.creation:create_claimed", NOT_TIMED),
    ("benchmark", "training.devices.benchmarks.execution:execute", NOT_TIMED),
    ("clean_dataset", "training.jobs.lifecycle.creation:create_claimed", NOT_CHECKED),
    ("clean_dataset", "training.cleaning.detectors.image_stats:look", NOT_CHECKED),
    ("clean_dataset", "scipy.sparse", NOT_CHECKED),  # loaded in the middle of the work
]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few letters."""
    return making.write_zip(tmp_path_factory.mktemp("archives") / "letters.zip", making.folders())


@pytest.fixture(scope="module")
def var(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A product that was set up: a model in service, a data set."""
    folder = tmp_path_factory.mktemp("product") / "var"
    shutil.copytree(prepared.product(), folder)
    Product(folder, embedded(folder)).manage("import_dataset", str(archive), "--name", "letters")
    return folder


def unfinished(var: Path) -> int:
    """Jobs that nobody does and that look as if."""
    with sqlite3.connect(next(var.glob("*.sqlite3"))) as database:
        tables = ("devices_benchmark", "cleaning_cleaning")
        counts = [database.execute(f"SELECT count(*) FROM {name} WHERE state = 'running'") for name in tables]
        return sum(row.fetchone()[0] for row in counts)


@pytest.mark.parametrize(("command", "instant", "sentence"), INSTANTS)
def test_one_sentence_and_nothing_half_written(
    command: str, instant: str, sentence: str, var: Path, archive: Path, tmp_path: Path
) -> None:
    words = [word.format(archive=archive, folder=tmp_path) for word in COMMANDS[command]]
    environment = {
        **embedded(var),
        "PROPIS_TEST_INTERRUPT": instant,
        "PYTHONPATH": str(Path(__file__).parent / "interruption"),
        "NO_COLOR": "1",
    }
    ended = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert ended.stdout == "pressed\n", ended.stderr
    assert ended.stderr.splitlines() in ([sentence], [f"CommandError: {sentence}"])
    assert ended.returncode == 130
    assert list(tmp_path.iterdir()) == []
    assert unfinished(var) == 0
