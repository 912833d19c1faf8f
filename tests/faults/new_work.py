"""New work for a product that was just disturbed: a training, an import and a reading, and how long they take."""

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.faults.rows import rows
from tests.product import ROOT, Product, wait_until

WITHIN_SECONDS = 600.0
STROKES = {"strokes": [[[10, 10, 0], [60, 60, 50], [110, 20, 100]]]}
QUEUE = """
import time
from pathlib import Path
from django.core.files.uploadedfile import SimpleUploadedFile
from training.core.hyperparameters import PRESETS, Hyperparameters
from training.datasets.imports import uploads
from training.datasets.models import Dataset, DatasetImport, Origin
from training.jobs import lifecycle
from training.runs.services import create_run
go, archive = Path({go!r}), Path({archive!r})
upload = uploads.keep(SimpleUploadedFile("letters.zip", archive.read_bytes()))
recipe = Hyperparameters.from_mapping({{"batch_size": 64, "epochs": 2}}, base=PRESETS["small"])
go.with_name("ready").touch()
while not go.exists():
    time.sleep(0.02)
run = create_run([Dataset.objects.get(name="letters")], recipe, preset="small")
job = lifecycle.enqueue(DatasetImport(name="again", origin=Origin.UPLOAD, path=str(upload)))
print(run.pk, job.pk)
"""


@dataclass(frozen=True)
class NewWork:
    """Work that somebody is about to ask for."""

    product: Product
    asking: "subprocess.Popen[str]"

    def seconds_until_done(self) -> float:
        """Ask for it now; seconds until all of it has succeeded."""
        began = time.monotonic()
        (self.product.var / "go").touch()
        run, job = map(int, self.asking.communicate(timeout=WITHIN_SECONDS)[0].split())
        sql = f"""SELECT (SELECT state FROM runs_run WHERE id = {run}) AS run,
                         (SELECT state FROM datasets_datasetimport WHERE id = {job}) AS import"""
        done = [{"run": "succeeded", "import": "succeeded"}]
        wait_until(lambda: rows(self.product, sql) == done, seconds=WITHIN_SECONDS)
        wait_until(lambda: _reads(self.product), seconds=WITHIN_SECONDS)
        return time.monotonic() - began


@contextmanager
def new_work(product: Product) -> Iterator[NewWork]:
    """A process that is ready to ask, so that its own start is not counted."""
    code = QUEUE.format(go=str(product.var / "go"), archive=str(product.var / "letters.zip"))
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-v0", "-c", code]
    with subprocess.Popen(command, cwd=ROOT, env=product.environment, stdout=subprocess.PIPE, text=True) as asking:
        wait_until(Path(product.var, "ready").exists, seconds=WITHIN_SECONDS)
        try:
            yield NewWork(product, asking)
        finally:
            asking.kill()


def _reads(product: Product) -> bool:
    """Whether a drawing is read."""
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{product.url}/api/recognize", json.dumps(STROKES).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
