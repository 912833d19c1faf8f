"""An import that is killed leaves no process, no file and no half of a data set, and another goes on with it."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.rows import rows
from tests.product import ROOT, Product, wait_until
from tests.training.datasets import making
from training.datasets.imports.decoder_process import useful
from training.datasets.imports.pipeline import HELPED_FROM
from training.jobs.models import FINISHED

pytestmark = pytest.mark.skipif(not useful(), reason="one core: nothing helps an import here")
PICTURES, SIDE = 12_000, 112
"""All different: what was seen before would be over in no time. An import of them takes some seconds."""
PATIENCE = 900
"""Seconds in which a start, or an import after it, is over on a busy machine."""
HELPER = "training.datasets.imports.decoder_process"
JOB = "SELECT id, state, attempt, worker, error, path, dataset_id FROM datasets_datasetimport ORDER BY id"
QUEUE = """
import sys
from pathlib import Path
from django.core.files.uploadedfile import SimpleUploadedFile
from training.datasets.imports import uploads
from training.datasets.models import DatasetImport, Origin
from training.jobs import lifecycle
archive = Path({archive!r})
path = uploads.keep(SimpleUploadedFile(archive.name, archive.read_bytes()))
lifecycle.enqueue(DatasetImport(name="letters", origin=Origin.UPLOAD, path=str(path)))
"""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive that takes some seconds, large enough for helpers."""
    letters = "АБВГДЕЖЗИК"
    contents = {
        f"{letters[number % len(letters)]}/{number:05d}.png": making.png(number, side=SIDE)
        for number in range(PICTURES)
    }
    path = making.write_zip(tmp_path_factory.mktemp("archive") / "letters.zip", contents)
    assert path.stat().st_size > HELPED_FROM
    return path


@pytest.fixture
def product(migrated: Product) -> Product:
    """One whose database is there already."""
    return migrated


@pytest.fixture
def datasets(product: Product) -> Path:
    """The folder of its data sets."""
    return product.var / "datasets"


def kept(datasets: Path) -> int:
    """Bytes of pictures that imports have kept which are not done."""
    return sum(path.stat().st_size for path in datasets.glob("importing-*/pictures.bin"))


@pytest.mark.processor_seconds(600)  # three processes start one after the other
def test_killed_command_leaves_no_process_and_is_cleaned_away(product: Product, datasets: Path, archive: Path) -> None:
    command = [sys.executable, "manage.py", "import_dataset", str(archive), "--name", "letters"]
    with subprocess.Popen(command, cwd=ROOT, env=product.environment, stderr=subprocess.DEVNULL) as process:
        wait_until(lambda: process.poll() is not None or kept(datasets), seconds=PATIENCE)
        wait_until(lambda: process.poll() is not None or len(product.named(HELPER)) == useful(), seconds=PATIENCE)
        assert process.poll() is None, "it was over before it could be killed"
        process.kill()
    assert process.returncode == -signal.SIGKILL
    wait_until(lambda: not product.named(HELPER))
    [left] = datasets.iterdir()
    assert left.name.startswith("importing-")
    assert rows(product, "SELECT id FROM datasets_dataset") == []

    figures = product.manage_json("import_dataset", str(archive), "--name", "letters")

    assert figures["letters"] == PICTURES
    assert figures["different"] == PICTURES
    assert [path.name for path in datasets.iterdir()] == [str(figures["id"])]


@pytest.mark.processor_seconds(600)  # a product starts, and a lost worker is waited for
def test_import_of_a_killed_worker_is_done_by_another(product: Product, datasets: Path, archive: Path) -> None:
    product.manage("shell", "--no-imports", "-c", QUEUE.format(archive=str(archive)))
    product.start()
    wait_until(lambda: kept(datasets), seconds=PATIENCE)
    [job] = rows(product, JOB)
    assert (job["state"], job["attempt"]) == ("running", 1)
    first = {path.name for path in datasets.iterdir()}
    wait_until(lambda: len(product.named(HELPER)) == useful())
    helpers = product.named(HELPER)

    os.kill(int(job["worker"].rpartition(":")[2]), signal.SIGKILL)

    wait_until(lambda: not {*helpers} & {*product.named(HELPER)})
    assert rows(product, "SELECT id FROM datasets_dataset") == []
    assert Path(job["path"]).exists()
    wait_until(lambda: rows(product, JOB)[0]["state"] in FINISHED, seconds=PATIENCE)
    [job] = rows(product, JOB)
    assert (job["state"], job["attempt"]) == ("succeeded", 2)
    [dataset] = rows(product, "SELECT id, report FROM datasets_dataset")
    assert job["dataset_id"] == dataset["id"]
    assert json.loads(dataset["report"])["letters"] == PICTURES
    names = {path.name for path in datasets.iterdir()}
    assert names == {str(dataset["id"])}
    assert not names & first
    wait_until(lambda: not Path(job["path"]).exists())
