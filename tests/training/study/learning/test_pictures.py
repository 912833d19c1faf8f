"""Letters of the data set in service, for the teaching page."""

import gzip
from pathlib import Path

import numpy as np
import pytest
from django.test import Client

from recognizer import services
from recognizer.core.alphabet import RUSSIAN
from recognizer.core.model_card import ModelCard
from recognizer.models import ModelOrigin
from tests.recognizer.conftest import make_network
from tests.training.datasets import making
from training.datasets.content.splitting import Split
from training.datasets.imports.pipeline import import_archive
from training.datasets.models import Dataset
from training.datasets.storage import input_files
from training.study.learning import pictures

PER_LETTER = 70


@pytest.fixture
def dataset(tmp_path: Path, db: None) -> Dataset:
    """Pictures of the 33 letters, more of each than the page takes; the model in service learned from them."""
    archive = making.write_zip(tmp_path / "letters.zip", making.folders(letters=RUSSIAN, per_letter=PER_LETTER))
    imported = import_archive(archive, name="letters", letters=RUSSIAN)
    serve(imported.content_sha256)
    return imported


def serve(content_sha256: str) -> None:
    network = make_network(hidden=12)
    about = {"letters": {"content_sha256": content_sha256}}
    card = ModelCard.of(network, name="served", ink_specification="moments-1", data_sets=about)
    services.activate(services.add_model(network, card, source=ModelOrigin.TRAINED))


def parts(content: bytes) -> "list[tuple[np.ndarray, np.ndarray]]":
    """Labels and pictures of both splits, as static/js/learn/pictures.js reads them."""
    place, found = 5, []
    for _ in range(2):
        count = int.from_bytes(content[place : place + 2], "little")
        labels = np.frombuffer(content, np.uint8, count, place + 2)
        inputs = np.frombuffer(content, np.uint8, 784 * count, place + 2 + count).reshape(count, 784)
        found.append((labels, inputs))
        place += 2 + 785 * count
    assert place == len(content)
    return found


def test_it_has_as_many_of_each_as_the_page_takes(dataset: Dataset) -> None:
    page = Client().get("/learn/")
    address = f"/learn/{dataset.content_sha256}.bin"
    assert f'data-pictures-url="{address}"' in page.text
    answer = Client().get(address, headers={"Accept-Encoding": "gzip"})
    assert "immutable" in answer["Cache-Control"]
    content = gzip.decompress(answer.content)
    assert content == pictures.content(dataset)
    for (labels, inputs), split in zip(parts(content), pictures.MOST, strict=True):
        counts = np.bincount(input_files.load(dataset, split, "moments-2").labels, minlength=33)
        assert np.bincount(labels, minlength=33).tolist() == np.minimum(counts, pictures.MOST[split]).tolist()
        there = {each.tobytes() for each in input_files.load(dataset, split, "moments-2").inputs}
        assert {each.tobytes() for each in inputs} <= there
    (dataset.folder / "index.npz").unlink()
    pictures._content.cache_clear()
    assert Client().get(address).status_code == 404, "files that are gone"
    assert Split.TEST not in pictures.MOST, "nobody learns from what is kept for the test"


def test_without_such_a_data_set_the_page_says_nothing_of_it(db: None) -> None:
    serve("0" * 64)
    assert "data-pictures-url" not in Client().get("/learn/").text
    assert Client().get(f"/learn/{'0' * 64}.bin").status_code == 404
