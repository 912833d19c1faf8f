"""A state folder of the version before inputs could be of any length: all in it still loads, reads and trains.

`before_directions.zip` was made by `make_state.py` with that version's code.
"""

import json
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
TRAINED = [*INK.values(), "directions-1"]
WORK = """
import io, json
from django.conf import settings
from django.core.management import call_command
from recognizer import loading
from recognizer.models import StoredModel
from training.datasets.content.splitting import Split
from training.datasets.models import Dataset
from training.datasets.storage import input_files
from training.jobs import lifecycle
from training.jobs.worker.work_loop import work_next
from training.runs.models import Run
from training.runs.worker import execution

letters = Dataset.objects.get(name="letters")

def probabilities():
    found = {}
    for stored in StoredModel.objects.all():
        inputs = input_files.load(letters, Split.TEST, stored.ink_specification).inputs
        found[stored.name] = loading.load_stored(stored).network.read(inputs[:1])[0].tolist()
    return found

def told(*words):
    output = io.StringIO()
    call_command(*words, "--json", stdout=output)
    return json.loads(output.getvalue())

def trained(ink):
    names = ["--dataset", "letters", "--name", ink, "--epochs", "1"]
    run = told("train", *names, "--set", f"ink_specification={ink}", "--set", "hidden_layers=3")
    return [run["state"], told("evaluate", "letters", "--model", ink)["images"]]

found = {"probabilities": probabilities()}
files = {path: path.read_bytes() for path in settings.PROPIS_VAR.glob("datasets/1/*-test.npz")}
for path in files:
    path.unlink()
probabilities()
found["same"] = {path.name: path.read_bytes() == before for path, before in files.items()}
assert lifecycle.resume(Run.objects.get(name="paused"))
assert work_next(Run, execution.execute)
run = Run.objects.get(name="paused")
found["resumed"] = [run.state, run.epoch, run.weights_sha256]
found["events"] = list(run.events.values_list("name", flat=True))
found["trained"] = {ink: trained(ink) for ink in INKS}
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def about() -> dict[str, Any]:
    """What the version that made the folder says of it."""
    with zipfile.ZipFile(ARCHIVE) as archive:
        found: dict[str, Any] = json.loads(archive.read("about.json"))
    return found


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That folder."""
    folder = tmp_path_factory.mktemp("earlier")
    with zipfile.ZipFile(ARCHIVE) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture(scope="module")
def done(var: Path) -> dict[str, Any]:
    """What came of it when today's product read all of it, went on with the paused run and trained new ones."""
    product = Product(var, embedded(var))
    product.manage("migrate", "--verbosity", "0")
    work = f"INKS = {TRAINED}\n{WORK}"
    found: dict[str, Any] = json.loads(product.manage("shell", "--no-imports", "--command", work).stdout)
    return found


def network_of(var: Path, name: str) -> model_file.ModelFile:
    [found] = [each for path in var.glob("models/*.npz") if (each := model_file.read(path)).card.name == name]
    return found


def test_models_and_inputs_are_read_as_before(var: Path, done: dict[str, Any], about: dict[str, Any]) -> None:
    found = done["probabilities"]
    assert found.keys() == about["probabilities"].keys() == INK.keys()
    for name, probabilities in about["probabilities"].items():
        np.testing.assert_allclose(found[name], probabilities, rtol=1e-4, atol=1e-7)
        assert network_of(var, name).card.ink_specification == INK[name]


def test_pictures_of_a_data_set_give_the_same_inputs_again(done: dict[str, Any]) -> None:
    """The files of inputs are made anew where they are gone."""
    assert done["same"] == {f"{ink}-test.npz": True for ink in INK.values()}


def test_a_run_that_was_paused_goes_on_to_the_bits_of_one_that_was_not(
    var: Path, done: dict[str, Any], about: dict[str, Any]
) -> None:
    assert about["epochs"]["paused"] < about["epochs"]["moments"]
    whole = network_of(var, "moments")
    state, epoch, sha256 = done["resumed"]
    assert (state, epoch) == ("succeeded", about["epochs"]["moments"])
    assert "checkpoint_refused" not in done["events"]
    network = in_floats(network_of(var, "paused").network)
    for ours, theirs in zip(network.weights, in_floats(whole.network).weights, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0.01, atol=0.001)
    if environment.describe() == about["environment"]:  # another processor's products are rounded in another order
        assert sha256 == about["weights"]["moments"]


@pytest.mark.parametrize("ink", TRAINED)
def test_a_data_set_can_be_trained_on(var: Path, done: dict[str, Any], ink: str) -> None:
    assert done["trained"][ink] == ["succeeded", 25]
    assert network_of(var, ink).network.sizes == (specification(ink).length, 3, 33)
