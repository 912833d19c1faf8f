"""The nearest training pictures: by the API's address, through the provider that the settings name."""

import base64
import fcntl
import json
from typing import Any

import numpy as np
import pytest
from django.db import DatabaseError
from django.test import Client

from recognizer import active_model, neighbours, services
from recognizer.core.model_card import ModelCard
from recognizer.loading import LoadedModel
from recognizer.models import ModelOrigin
from recognizer.web import limits
from tests.rates import allow_in_an_hour
from tests.recognizer.conftest import make_network
from training.datasets.content.splitting import Split
from training.datasets.models import Dataset
from training.datasets.neighbours import hidden_layers, search
from training.datasets.neighbours.hidden_layers import HiddenLayers
from training.datasets.storage import input_files

ADDRESS = "/api/nearest"


@pytest.fixture(params=["moments-1", "raw-28"])
def model(request: pytest.FixtureRequest, dataset: Dataset) -> LoadedModel:
    """A model in service that says that it learned from the data set."""
    return served(dataset.content_sha256, ink=request.param)


def served(content_sha256: str, *, ink: str = "moments-1", seed: int = 1) -> LoadedModel:
    network = make_network(seed=seed, hidden=12)
    about = {"letters": {"content_sha256": content_sha256}}
    card = ModelCard.of(network, name=f"{ink} {seed}", ink_specification=ink, data_sets=about)
    services.activate(services.add_model(network, card, source=ModelOrigin.TRAINED))
    active_model._current = active_model._Current()
    return active_model.get()


def ask(given: bytes) -> Any:
    body = json.dumps({"input": base64.b64encode(given).decode()})
    return Client().post(ADDRESS, body, content_type="application/json")


def training_inputs(dataset: Dataset, model: LoadedModel) -> "tuple[Any, Any]":
    samples = input_files.load(dataset, Split.TRAIN, model.ink.name)
    return samples.inputs, samples.labels


def test_the_nearest_are_those_of_the_plain_mathematics(dataset: Dataset, model: LoadedModel) -> None:
    inputs, labels = training_inputs(dataset, model)
    given = inputs[4]
    answer = ask(given.tobytes()).json()
    hidden = model.network.read_layers(inputs)[0].astype(np.float64)
    own = hidden[4]
    distances = 1 - hidden @ own / np.linalg.norm(hidden, axis=1) / np.linalg.norm(own)
    assert answer["searched"] == answer["total"] == len(inputs)
    assert answer["model"]["name"] == model.name
    found = [each["distance"] for each in answer["nearest"]]
    np.testing.assert_allclose(found, np.sort(distances)[: search.NEAREST], atol=5e-3)
    first = answer["nearest"][0]
    assert first["letter"] == dataset.letters[labels[4]]
    assert first["distance"] < 5e-3
    picture = np.frombuffer(base64.b64decode(first["picture"]), np.uint8)
    np.testing.assert_array_equal(picture, given if model.ink.ink_bright else 255 - given)
    assert Client().get(first["url"]).status_code == 200


def test_the_work_goes_on_where_it_stopped(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    model = served(dataset.content_sha256)
    inputs, _labels = training_inputs(dataset, model)
    layers = HiddenLayers(dataset, model)
    with monkeypatch.context() as slow:
        slow.setattr(hidden_layers, "BATCH", 4)
        slow.setattr(search, "SECONDS", 0.0)
        assert ask(inputs[0].tobytes()).json()["searched"] == 0
        layers.path.parent.mkdir()
        layers.path.write_bytes(b"torn")  # what a killed process left
        layers.grow(0.0)
    assert len(layers.rows()) == 4
    answer = ask(inputs[0].tobytes()).json()
    assert answer["searched"] == answer["total"] == len(inputs)
    assert answer["nearest"][0]["distance"] < 5e-3
    before = layers.path.read_bytes()
    ask(inputs[1].tobytes())
    assert layers.path.read_bytes() == before, "it is worked out once"


def test_another_process_at_work_is_left_to_it(dataset: Dataset) -> None:
    model = served(dataset.content_sha256)
    inputs, _labels = training_inputs(dataset, model)
    layers = HiddenLayers(dataset, model)
    layers.path.parent.mkdir()
    with layers.path.open("ab") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        answer = ask(inputs[0].tobytes()).json()
    assert (answer["searched"], answer["total"], answer["nearest"]) == (0, len(inputs), [])


def test_few_models_are_kept_and_large_data_sets_are_thinned(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(hidden_layers.MOST_MODELS + 2):
        model = served(dataset.content_sha256, seed=seed)
        assert ask(training_inputs(dataset, model)[0][0].tobytes()).json()["nearest"]
    assert len(list((dataset.folder / hidden_layers.FOLDER).iterdir())) == hidden_layers.MOST_MODELS

    model = served(dataset.content_sha256, seed=99)
    monkeypatch.setattr(hidden_layers, "MOST_BYTES", 10 * HiddenLayers(dataset, model).row.itemsize)
    assert ask(training_inputs(dataset, model)[0][0].tobytes()).json()["total"] == 10


def test_where_no_data_set_is_there_it_says_so(db: None, settings: Any) -> None:
    model = served("0" * 64)
    given = bytes([255]) * model.ink.length
    nothing = {"nearest": [], "searched": 0, "total": 0}
    assert nothing.items() <= ask(given).json().items()
    settings.NEIGHBOUR_PROVIDER = ""
    assert nothing.items() <= ask(given).json().items()


def test_lost_files_and_a_lost_database_are_no_error(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    model = served(dataset.content_sha256)
    given = training_inputs(dataset, model)[0][0].tobytes()
    (dataset.folder / "pictures.bin").unlink()
    assert ask(given).json()["total"] == 0

    def lost(*_arguments: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(search, "data_sets_of", lost)
    assert neighbours.find(model, given).total == 0


@pytest.mark.parametrize(
    ("body", "kind", "status", "words"),
    [
        ("{", "application/json", 400, "not valid JSON"),
        ("{}", "application/json", 422, "“input” is missing"),
        ('{"input": 7}', "application/json", 422, "input"),
        ('{"input": "***"}', "application/json", 422, "not base64"),
        ('{"input": "AAAA"}', "application/json", 422, "784 bytes"),
        ('{"input": "AAAA", "x": 1}', "application/json", 422, "x"),
        ('{"input": "AAAA"}', "text/plain", 415, "application/json"),
        ('{"input": "' + "A" * 3_000_000 + '"}', "application/json", 413, "MB"),
    ],
)
def test_bad_input_is_refused_in_one_line(db: None, body: str, kind: str, status: int, words: str) -> None:
    served("0" * 64)
    answer = Client().post(ADDRESS, body, content_type=kind)
    assert answer.status_code == status
    assert words in answer.json()["error"]
    assert "\n" not in answer.json()["error"]


def test_an_address_that_asks_too_often_is_refused(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    model = served("0" * 64)
    given = bytes([255]) * model.ink.length
    allow_in_an_hour(monkeypatch, 2, limits.NEAREST_RATE)
    answers = [ask(given) for _number in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "Too many requests" in answers[-1].json()["error"]
    assert answers[-1].headers["Retry-After"]
