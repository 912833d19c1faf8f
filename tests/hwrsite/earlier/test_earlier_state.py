"""A state folder of the version before inputs could be of any length: all in it still loads, reads and trains.

`before_directions.zip` was made by `make_state.py` with that version's code.
"""

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recognizer.core import model_file
from recognizer.core.ink import specification
from recognizer.core.precision import in_floats
from tests.product import Product, embedded
from training.devices.benchmarks import environment

ARCHIVE = Path(__file__).parent / "before_directions.zip"
INK = {"pixels": "raw-28", "moments": "moments-2"}
READ = """
import json
from recognizer import loading
from recognizer.models import StoredModel
from training.datasets.content.splitting import Split
from training.datasets.models import Dataset
from training.datasets.storage import input_files

letters = Dataset.objects.get(name="letters")
probabilities = {}
for stored in StoredModel.objects.all():
    inputs = input_files.load(letters, Split.TEST, stored.ink_specification).inputs
    probabilities[stored.name] = loading.load_stored(stored).network.read(inputs[:1])[0].tolist()
print(json.dumps(probabilities))
"""
RESUME = """
from training.jobs import lifecycle
from training.jobs.worker.work_loop import work_next
from training.runs.models import Run
from training.runs.worker import execution

assert lifecycle.resume(Run.objects.get(name="paused"))
assert work_next(Run, execution.execute)
run = Run.objects.get(name="paused")
print(run.state, run.epoch, run.weights_sha256, *run.events.values_list("name", flat=True))
"""


@pytest.fixture(scope="module")
def about() -> dict[str, Any]:
    """What the version that made the folder says of it."""
    with zipfile.ZipFile(ARCHIVE) as archive:
        found: dict[str, Any] = json.loads(archive.read("about.json"))
    return found


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That folder with its database brought up to date."""
    folder = tmp_path_factory.mktemp("earlier")
    with zipfile.ZipFile(ARCHIVE) as archive:
        archive.extractall(folder)
    Product(folder, embedded(folder)).manage("migrate", "--verbosity", "0")
    return folder


@pytest.fixture
def product(tmp_path: Path, migrated: Path) -> Product:
    """A product of today with that folder as its state."""
    shutil.copytree(migrated, tmp_path, dirs_exist_ok=True)
    return Product(tmp_path, embedded(tmp_path))


def network_of(var: Path, name: str) -> model_file.ModelFile:
    [found] = [each for path in var.glob("models/*.npz") if (each := model_file.read(path)).card.name == name]
    return found


def test_models_and_inputs_are_read_as_before(product: Product, about: dict[str, Any]) -> None:
    found = json.loads(product.manage("shell", "--no-imports", "--command", READ).stdout)
    assert found.keys() == about["probabilities"].keys() == INK.keys()
    for name, probabilities in about["probabilities"].items():
        np.testing.assert_allclose(found[name], probabilities, rtol=1e-4, atol=1e-7)
        assert network_of(product.var, name).card.ink_specification == INK[name]


def test_pictures_of_a_data_set_give_the_same_inputs_again(product: Product) -> None:
    """The files of inputs are made anew where they are gone."""
    files = {path: path.read_bytes() for path in product.var.glob("datasets/1/*-test.npz")}
    assert {path.name for path in files} == {f"{ink}-test.npz" for ink in INK.values()}
    for path in files:
        path.unlink()
    product.manage("shell", "--no-imports", "--command", READ)
    assert {path: path.read_bytes() for path in files} == files


def test_a_run_that_was_paused_goes_on_to_the_bits_of_one_that_was_not(product: Product, about: dict[str, Any]) -> None:
    assert about["epochs"]["paused"] < about["epochs"]["moments"]
    whole = network_of(product.var, "moments")
    state, epoch, sha256, *events = product.manage("shell", "--no-imports", "--command", RESUME).stdout.split()
    assert (state, int(epoch)) == ("succeeded", about["epochs"]["moments"])
    assert "checkpoint_refused" not in events
    network = in_floats(network_of(product.var, "paused").network)
    for ours, theirs in zip(network.weights, in_floats(whole.network).weights, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0.01, atol=0.001)
    if environment.describe() == about["environment"]:  # another processor's products are rounded in another order
        assert sha256 == about["weights"]["moments"]


@pytest.mark.parametrize("ink", [*INK.values(), "directions-1"])
def test_a_data_set_can_be_trained_on(product: Product, ink: str) -> None:
    trained = product.manage_json(
        "train", "--dataset", "letters", "--name", "new", "--epochs", "1",
        "--set", f"ink_specification={ink}", "--set", "hidden_layers=3",
    )  # fmt: skip
    assert trained["state"] == "succeeded"
    network = network_of(product.var, "new").network
    assert network.sizes == (specification(ink).length, 3, 33)
    evaluated = product.manage_json("evaluate", "letters", "--model", "new")
    assert evaluated["images"] == 25
