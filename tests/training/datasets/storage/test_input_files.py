"""Files of inputs: made when asked for, mended when damaged, safe when two ask at once."""

import shutil
import threading
from pathlib import Path

import numpy as np
import pytest
from django.db import connection

from recognizer.core.ink import InkError, specification
from tests.training.datasets import making
from training.core.samples import Samples
from training.datasets.content.splitting import Split
from training.datasets.errors import DatasetError
from training.datasets.imports.pipeline import import_archive
from training.datasets.models import Dataset, InputsFile
from training.datasets.storage import input_files
from training.datasets.storage.picture_files import Index, file_sha256


def test_another_specification_is_made_from_the_kept_pictures(dataset: Dataset) -> None:
    samples = input_files.load(dataset, Split.TRAIN, "raw-28")

    assert samples.inputs.shape == (16, 784)
    assert samples.labels.dtype == np.uint8
    assert np.bincount(samples.labels).tolist() == dataset.counts(Split.TRAIN)
    row = InputsFile.objects.get(dataset=dataset, split="train", ink_specification="raw-28")
    assert (row.sha256, row.file_bytes) == (file_sha256(row.path), row.path.stat().st_size)
    assert {sample.tobytes() for sample in samples.inputs} <= _pixels_of_all()


def test_directions_are_made_of_the_pictures_that_are_kept(dataset: Dataset) -> None:
    files = dataset.inputs_files.count()
    for split in Split:
        pictures, samples = (input_files.load(dataset, split, name) for name in ("moments-2", "directions-1"))
        assert np.array_equal(samples.inputs, specification("directions-1").of_pictures(pictures.inputs))
        assert samples.labels.tolist() == pictures.labels.tolist()
    splits = Index.load(dataset.folder).splits
    assert input_files.load_all(dataset, splits, "directions-1-coarse").shape == (len(splits), 200)
    assert dataset.inputs_files.count() == files
    assert not list(dataset.folder.glob("directions*"))


def _pixels_of_all() -> set[bytes]:
    """What raw-28 makes of a grey 28×28 picture: its own pixels."""
    from recognizer import pictures

    return {pictures.decode(data).tobytes() for data in making.folders().values()}


def test_damaged_file_is_made_again(dataset: Dataset) -> None:
    row = dataset.inputs_files.get(split="test")
    before = input_files.load(dataset, Split.TEST, "moments-2")
    row.path.write_bytes(b"damaged")

    after = input_files.load(dataset, Split.TEST, "moments-2")

    assert np.array_equal(after.inputs, before.inputs)
    assert file_sha256(row.path) == dataset.inputs_files.get(split="test").sha256


def test_unknown_specification_is_refused(dataset: Dataset) -> None:
    with pytest.raises(InkError, match="no ink specification called “other”"):
        input_files.load(dataset, Split.TEST, "other")


def test_missing_files_are_named(dataset: Dataset) -> None:
    shutil.rmtree(dataset.folder)

    with pytest.raises(DatasetError, match="The files of the data set “letters” are gone"):
        input_files.load(dataset, Split.TEST, "moments-2")


@pytest.mark.django_db(transaction=True)
def test_two_may_ask_at_once(archive: Path) -> None:
    dataset = import_archive(archive, name="letters", letters=making.LETTERS)
    together = threading.Barrier(4)
    got: list[Samples] = []

    def ask() -> None:
        try:
            together.wait()
            got.append(input_files.load(dataset, Split.TRAIN, "raw-28"))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(got) == 4
    assert all(np.array_equal(samples.inputs, got[0].inputs) for samples in got)
    row = InputsFile.objects.get(dataset=dataset, split="train", ink_specification="raw-28")
    assert file_sha256(row.path) == row.sha256
    assert not list(dataset.folder.glob(".*"))


def test_a_process_reads_a_file_once_and_nobody_writes_into_it(dataset: Dataset) -> None:
    first, second = (input_files.load(dataset, Split.TRAIN, "moments-1") for _ in range(2))
    assert first is second
    with pytest.raises(ValueError, match="read-only"):
        first.inputs[0, 0] = 1
