"""Many people at once on PostgreSQL: nobody is answered with a fault, and nothing is there twice."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import prepared
from tests.product import ROOT, Product, embedded, own_postgres


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


ROUNDS = 25
DELETED_MEANWHILE = f"""
import json, threading, time
from collections import Counter
from django.db import connection
from training.core.hyperparameters import PRESETS, Hyperparameters
from training.datasets import services as datasets
from training.datasets.models import Dataset
from training.runs import services as runs
from training.runs.models import Run

recipe, outcomes = Hyperparameters.from_mapping({{"epochs": 1}}, base=PRESETS["tiny"]), Counter()

runs.quota.check = lambda *_who: time.sleep(0.02)  # whoever deletes comes in between

def attempt(begin, name, what):
    begin.wait()
    try:
        what()
        outcomes[name] += 1
    except Exception as error:
        outcomes[f"{{name}}: {{type(error).__name__}} {{error}}"[:90]] += 1
    finally:
        connection.close()

for number in range({ROUNDS}):
    dataset = Dataset.objects.get(name="first")
    dataset.pk, dataset.name = None, f"doomed {{number}}"
    dataset.report["counts"] = {{split: [40] * 33 for split in ("train", "validation", "test")}}
    dataset.save(force_insert=True)
    begin = threading.Barrier(2)
    acts = [("made", lambda: runs.create_run([dataset], recipe)), ("deleted", lambda: datasets.delete_datasets([Dataset.objects.get(name=dataset.name)]))]
    threads = [threading.Thread(target=attempt, args=(begin, *act)) for act in acts]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
print(json.dumps({{**outcomes, "left": Dataset.objects.filter(name__startswith="doomed").count()}}))
"""  # noqa: E501


def test_a_data_set_that_is_deleted_while_somebody_trains_on_it(product: Product) -> None:
    done = product.run(DELETED_MEANWHILE)
    assert done.returncode == 0, done.stderr
    answers = json.loads(done.stdout.splitlines()[-1])
    assert answers.pop("deleted") == ROUNDS, answers
    assert answers.pop("left") == 0
    assert answers.keys() <= {"made", "made: DatasetsGoneError Its data set was deleted."}
    assert sum(answers.values()) == ROUNDS
