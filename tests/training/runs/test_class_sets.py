"""A class set is data: 42 letters are imported, trained on, put in service, read on the page and scored."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from recognizer import active_model, services
from recognizer.core.alphabet import KAZAKH, RUSSIAN
from recognizer.models import StoredModel
from training.core.hyperparameters import Hyperparameters
from training.datasets import synthesis
from training.datasets.content.splitting import Split
from training.datasets.imports.pipeline import import_archive
from training.datasets.models import Dataset
from training.datasets.scoring import score_archive
from training.datasets.storage.picture_files import Index, encoded
from training.jobs.models import State
from training.jobs.worker.work_loop import work_next
from training.runs.checks import RunError
from training.runs.models import Run
from training.runs.services import create_run
from training.runs.worker import execution

pytestmark = pytest.mark.django_db(transaction=True)
RECIPE = Hyperparameters(
    hidden_layers=(64,), epochs=30, batch_size=16, learning_rate=0.003, optimizer="adamw", ink_specification="moments-1"
)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Letters of the 42, drawn from fonts."""
    path = tmp_path / "kazakh.zip"
    synthesis.make_archive(path, per_letter=20, letters=KAZAKH)
    return path


@pytest.fixture
def dataset(archive: Path) -> Dataset:
    """They, imported."""
    return import_archive(archive, name="kazakh", letters=KAZAKH)


def test_forty_two_letters_from_the_archive_to_the_page(archive: Path, dataset: Dataset, client: Client) -> None:
    run = create_run([dataset], RECIPE, name="kazakh")
    assert work_next(Run, execution.execute)
    run.refresh_from_db()
    assert (run.state, run.letters) == (State.SUCCEEDED, KAZAKH)
    services.activate(StoredModel.objects.get(name="kazakh"))

    assert read(client, picture_of(dataset, "Ң")) == "Ң"
    score = score_archive(archive, active_model.get())
    assert (score.images, set(score.per_letter)) == (20 * 42, set(KAZAKH))
    assert score.accuracy > 0.8
    page = client.get(dataset.get_absolute_url()).content.decode()
    assert all(f">{letter}<" in page for letter in KAZAKH)
    assert client.get(run.get_absolute_url()).status_code == 200


def picture_of(dataset: Dataset, letter: str) -> bytes:
    """A training picture of a letter."""
    index = Index.load(dataset.folder)
    wanted = (index.labels == dataset.letters.index(letter)) & (index.splits == Split.TRAIN)
    return next(encoded(dataset.folder, index.take(wanted)))


def read(client: Client, picture: bytes) -> str:
    """What the page and the API read alike."""
    page = client.post("/", {"image": SimpleUploadedFile("letter.png", picture)})
    answer = client.post("/api/recognize/image", {"image": SimpleUploadedFile("letter.png", picture)})
    assert (page.status_code, answer.status_code) == (200, 200)
    told: dict[str, Any] = json.loads(answer.content)
    assert told["model"]["letters"] == KAZAKH
    assert f'data-letter="{told["letter"]}"' in page.content.decode()
    return str(told["letter"])


def test_data_sets_of_different_class_sets_are_not_trained_together(archive: Path, dataset: Dataset) -> None:
    russian = import_archive(archive, name="russian", letters=RUSSIAN)

    assert russian.letters == RUSSIAN
    assert russian.report["set_aside"] == 9 * 20
    with pytest.raises(RunError, match="different letters"):
        create_run([dataset, russian], RECIPE)
