"""A whole import: the same data set from every packing, its files, its report."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.training.datasets import making
from tests.training.datasets.conftest import left_behind
from training.datasets import locked_folder
from training.datasets.content.splitting import Split
from training.datasets.imports.pipeline import import_archive
from training.datasets.models import Dataset, InputsFile
from training.datasets.storage import contact_sheet, input_files, workspace
from training.datasets.storage.picture_files import Index, decoded, digest, file_sha256
from training.datasets.storage.publish import STANDING_INK

pytestmark = pytest.mark.django_db


def imported(path: Path, name: str = "letters", seed: int = 0) -> Dataset:
    """Import with the three letters."""
    return import_archive(path, name=name, seed=seed, letters=making.LETTERS)


def test_import_writes_files_row_and_report(dataset: Dataset, archive: Path, var: Path) -> None:
    assert (dataset.pictures, dataset.letters, dataset.archive_name) == (24, "АБВ", "letters.zip")
    assert dataset.archive_sha256 == file_sha256(archive)
    assert [dataset.size(split) for split in Split] == [16, 2, 6]
    assert [sum(column) for column in zip(*(dataset.counts(split) for split in Split), strict=True)] == [8, 8, 8]
    assert dataset.report["letters"] == 24
    assert dataset.report["smallest"] == dataset.report["largest"] == [28, 28]
    assert left_behind(var) == [str(dataset.pk)]
    assert {path.name for path in dataset.folder.iterdir()} == {
        "pictures.bin",
        "index.npz",
        "sheet.png",
        *(f"{STANDING_INK}-{split.key}.npz" for split in Split),
    }
    rows = InputsFile.objects.filter(dataset=dataset)
    assert {row.path.name: file_sha256(row.path) for row in rows} == {row.path.name: row.sha256 for row in rows}


def test_kept_pictures_are_the_publishers_bytes(dataset: Dataset) -> None:
    index = Index.load(dataset.folder)

    pixels = list(decoded(dataset.folder, index))

    assert list(index.names) == sorted(making.folders())
    assert [digest(picture) for picture in pixels] == [row.tobytes() for row in index.digests]
    assert (dataset.folder / "pictures.bin").stat().st_size == sum(map(len, making.folders().values()))


def test_every_packing_gives_the_same_data_set(tmp_path: Path) -> None:
    contents = making.folders()
    backwards = dict(reversed(contents.items()))
    packings = {
        "zip": making.write_zip(tmp_path / "a.zip", contents),
        "tar": making.write_tar(tmp_path / "a.tar", backwards),
        "tgz": making.write_tar(tmp_path / "a.tgz", contents, zipped=True),
        "folder": making.write_folder(tmp_path / "a", contents),
    }

    datasets = [imported(path, name) for name, path in packings.items()]

    assert len({dataset.content_sha256 for dataset in datasets}) == 1
    hashes = [sorted(dataset.inputs_files.values_list("sha256", flat=True)) for dataset in datasets]
    assert hashes[1:] == hashes[:-1]


def test_seed_decides_the_split(archive: Path) -> None:
    first, again, other = imported(archive, "a", 1), imported(archive, "b", 1), imported(archive, "c", 2)

    assert first.content_sha256 == again.content_sha256 != other.content_sha256


def test_inputs_made_at_the_import_are_those_made_later(dataset: Dataset) -> None:
    at_import = {split: input_files.load(dataset, split, STANDING_INK) for split in Split}
    for row in dataset.inputs_files.all():
        row.path.unlink()

    for split, samples in at_import.items():
        later = input_files.load(dataset, split, STANDING_INK)
        assert np.array_equal(later.inputs, samples.inputs)
        assert np.array_equal(later.labels, samples.labels)


def test_copy_of_a_test_picture_leaves_the_training_split(tmp_path: Path) -> None:
    rows = ("a.png,А,test", "b.png,А,train", "c.png,Б,validation", "d.png,Б,train", "e.png,В,train", "f.png,В,train")
    table = "\n".join(("filename,letter,split", *rows))
    same = making.png(1)
    recoded = making.encoded(Image.open(io.BytesIO(same)), "BMP")
    pictures = {"a.png": same, "b.png": recoded, "c.png": making.png(2), "d.png": making.png(2)}
    copies = {"e.png": making.png(3), "f.png": making.png(3)}

    dataset = imported(making.write_zip(tmp_path / "a.zip", {"i.csv": table.encode(), **pictures, **copies}))

    assert list(Index.load(dataset.folder).names) == ["a.png", "c.png", "e.png", "f.png"]
    assert dataset.report["letters"] == 6
    assert dataset.report["duplicates_dropped"] == 2
    assert dataset.report["duplicates_kept"] == 1
    assert dataset.report["published_split"] is True


def test_progress_counts_up_to_the_end(archive: Path) -> None:
    told: list[tuple[int, int]] = []

    import_archive(archive, name="a", progress=lambda done, total: told.append((done, total)))

    assert told[-1] == (24, 24)


def test_publisher_is_known_by_the_archives_name(tmp_path: Path) -> None:
    dataset = imported(making.write_zip(tmp_path / "comnist-cyrillic.zip", making.folders()))

    assert dataset.licence == "CC BY-SA 4.0"
    assert "GregVial/CoMNIST" in dataset.source


def test_sheet_has_a_row_for_each_letter(dataset: Dataset) -> None:
    with Image.open(dataset.folder / contact_sheet.SHEET) as sheet:
        assert sheet.size == (contact_sheet.COLUMNS * contact_sheet.CELL, 3 * contact_sheet.CELL)
        pixels = np.asarray(sheet)
    for row in range(3):
        band = pixels[row * contact_sheet.CELL : (row + 1) * contact_sheet.CELL]
        assert band[:, : 8 * contact_sheet.CELL].min() < 100
        assert band[:, 8 * contact_sheet.CELL :].min() == 255


def test_next_import_cleans_away_what_a_killed_one_left(
    archive: Path, var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed = var / "datasets" / f"{workspace.PREFIX}dead"
    killed.mkdir(parents=True)
    (killed / locked_folder.LOCK).touch()
    uncommitted = var / "datasets" / "777"
    uncommitted.mkdir()
    monkeypatch.setattr(locked_folder, "OLD_SECONDS", -1)

    dataset = imported(archive)

    assert left_behind(var) == [str(dataset.pk)]


def test_import_that_is_under_way_is_left_alone(archive: Path, var: Path) -> None:
    with workspace.workspace() as other:
        dataset = imported(archive)
        assert left_behind(var) == sorted([str(dataset.pk), other.name])


def test_deleting_a_data_set_removes_its_files(
    dataset: Dataset,
    var: Path,
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]],
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        Dataset.objects.filter(pk=dataset.pk).delete()

    assert left_behind(var) == []
    assert not InputsFile.objects.exists()


def test_report_holds_what_any_database_takes(tmp_path: Path) -> None:
    table = "filename,letter\n1.png,А\ngo\0ne.png,А\n2.png,Q\0" + "q" * 1000
    contents = {"i.csv": table.encode(), "1.png": making.png(1), "2.png": making.png(2)}

    report = imported(making.write_zip(tmp_path / "a.zip", contents)).report

    assert report["skipped_list"] == [["go\ufffdne.png", "in the table, but not in the archive"]]
    assert [len(label) for label in report["set_aside_by_label"]] == [200]
    assert "\0" not in str(report)
