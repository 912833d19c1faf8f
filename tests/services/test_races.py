"""Many people at once on PostgreSQL: nobody is answered with a fault, and nothing is there twice."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import prepared
from tests.product import ROOT, embedded, own_postgres


@pytest.mark.processor_seconds(180)
def test_many_at_once_on_the_catalogue_of_models(tmp_path: Path) -> None:
    """160 times "put in service", the same file four times, two who roll back from the same model."""
    shutil.copytree(prepared.product() / "static", tmp_path / "static")
    with own_postgres() as address:
        script = "from tests.services.race_clients import main; main()"
        words = [sys.executable, "manage.py", "shell", "--no-imports", "-c", script]
        environment = embedded(tmp_path) | {"DATABASE_URL": address}
        done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    answers = json.loads(done.stdout.splitlines()[-1])
    uploaded = answers.pop("uploaded")
    assert uploaded.keys() <= {"200", "302"}, "the list, or the form that says it is there already"
    assert sum(uploaded.values()) == 4
    assert answers == {
        "rolled back": {"200": 2},
        "in service after it": "model 0",
        "put in service": {"200": 160},
        "active": 1,
        "models": 5,
    }
