"""What is exported comes back as it was, in every form."""

import io
import struct
import zipfile
from pathlib import Path
from typing import Any

import idx2numpy
import mnist
import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.test import Client, RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.training.datasets import making
from training.datasets.content.splitting import Split, SplitChoice
from training.datasets.errors import DatasetError
from training.datasets.imports.pipeline import import_archive
from training.datasets.models import Dataset
from training.datasets.storage import kept_exports
from training.datasets.storage.export_formats import FORMS, export, file_name
from training.datasets.storage.picture_files import Index, decoded
from training.datasets.web import export_views

pytestmark = pytest.mark.django_db
AS_THEY_ARE = sorted({*FORMS} - {"thesis"})
"""Forms that keep pictures of any size; the thesis's has 28×28 greys of all."""


def exported(dataset: Dataset, form: str, folder: Path) -> Path:
    """Write an export."""
    path = folder / file_name(dataset, form)
    path.write_bytes(b"".join(export(dataset, form)))
    return path


def again(dataset: Dataset, form: str, folder: Path) -> Dataset:
    """Export and import it; no class set is named, it is in the file."""
    return import_archive(exported(dataset, form, folder), name=f"{dataset.name} by {form}")


@pytest.mark.parametrize("form", FORMS)
def test_round_trip_gives_the_same_content(form: str, dataset: Dataset, tmp_path: Path) -> None:
    back = again(dataset, form, tmp_path)

    assert back.content_sha256 == dataset.content_sha256
    assert back.letters == dataset.letters
    assert [back.counts(split) for split in Split] == [dataset.counts(split) for split in Split]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 2**32),
    letters=st.text(st.sampled_from("АБҢӨfZ5"), min_size=2, max_size=5).filter(
        lambda text: len(set(text)) == len(text)
    ),
    per_letter=st.integers(4, 8),
    form=st.sampled_from(AS_THEY_ARE),
)
def test_round_trip_of_any_letters(
    seed: int, letters: str, per_letter: int, form: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("trip")
    contents = {
        f"{letter}/{number}.png": making.png(seed + 100 * label + number, side=12)
        for label, letter in enumerate(letters)
        for number in range(per_letter)
    }
    name = f"{seed} {form} {len(list(Dataset.objects.all()))}"
    dataset = import_archive(making.write_zip(folder / "a.zip", contents), name=name, letters=letters, seed=seed % 1000)

    back = again(dataset, form, folder)

    assert (back.letters, back.content_sha256) == (dataset.letters, dataset.content_sha256)


@pytest.fixture
def mixed(tmp_path: Path) -> Dataset:
    """Pictures of two sizes, in other formats, with transparency."""
    alpha = Image.new("LA", (28, 28), (0, 0))
    alpha.putalpha(Image.open(io.BytesIO(making.png(77))).point(lambda value: 255 - value))
    contents = {
        **making.folders(),
        "set/А/wide.png": making.encoded(Image.open(io.BytesIO(making.png(50, side=40))).crop((0, 0, 40, 30))),
        "set/Б/jpeg.jpg": making.encoded(Image.open(io.BytesIO(making.png(51, side=40))), "JPEG"),
        "set/В/alpha.png": making.encoded(alpha),
    }
    return import_archive(making.write_zip(tmp_path / "mixed.zip", contents), name="mixed", letters=making.LETTERS)


@pytest.mark.parametrize("form", ["npz", "folders", "numbered"])
def test_pictures_of_any_size_and_kind_come_back(form: str, mixed: Dataset, tmp_path: Path) -> None:
    assert again(mixed, form, tmp_path).content_sha256 == mixed.content_sha256


@pytest.mark.parametrize("form", ["csv", "idx", "mnist"])
def test_pictures_of_many_sizes_are_refused_where_they_do_not_fit(form: str, mixed: Dataset) -> None:
    with pytest.raises(DatasetError, match="not all grey and of one square size: choose npz or folders"):
        export(mixed, form)


def test_numpy_reads_the_arrays(dataset: Dataset, tmp_path: Path) -> None:
    with np.load(exported(dataset, "npz", tmp_path), allow_pickle=False) as file:
        assert file["images"].shape == (24, 28, 28)
        assert "".join(file["letters"]) == making.LETTERS
        assert np.bincount(file["labels"]).tolist() == [8, 8, 8]
        assert (file["splits"] == "test").sum() == dataset.size(Split.TEST)


def test_the_test_split_has_the_name_that_readers_of_mnist_open(dataset: Dataset, tmp_path: Path) -> None:
    with zipfile.ZipFile(exported(dataset, "mnist", tmp_path)) as archive:
        assert {"t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"} < {*archive.namelist()}
        labels = archive.read("t10k-labels-idx1-ubyte")
    assert struct.unpack_from(">2I", labels) == (0x801, dataset.size(Split.TEST))


@pytest.fixture
def without_validation(archive: Path) -> Dataset:
    """The three letters, split as the thesis splits: training and test."""
    split = SplitChoice.of("76635:16500", "0", redraw=True)
    return import_archive(archive, name="thesis", letters=making.LETTERS, split=split)


def test_the_thesis_has_two_files_of_greys_and_numbers(without_validation: Dataset, tmp_path: Path) -> None:
    path = exported(without_validation, "thesis", tmp_path)
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == ["letters.txt", "train.npz", "test.npz"]
        archive.extractall(tmp_path)
    labels = []
    for split in (Split.TRAIN, Split.TEST):
        with np.load(tmp_path / f"{split.key}.npz", allow_pickle=False) as file:
            images = file["images"]
            assert (images.shape, images.dtype) == ((without_validation.size(split), 784), np.float32)
            assert (images.min(), images.max()) == (0, 1)
            assert images.mean() > 0.5, "paper is white"
            labels += file["labels"].tolist()
    assert sorted(labels) == sorted([0, 1, 2] * 8)
    assert labels != sorted(labels), "shuffled"


@pytest.mark.parametrize("form", FORMS)
def test_a_data_set_without_validation_comes_back(form: str, without_validation: Dataset, tmp_path: Path) -> None:
    assert [without_validation.size(split) for split in Split] == [20, 0, 4]
    path = exported(without_validation, form, tmp_path)
    back = import_archive(path, name="back", split=SplitChoice.of("", "0", redraw=False))
    assert back.content_sha256 == without_validation.content_sha256


def test_pictures_of_other_sizes_are_greys_of_28_by_28_for_the_thesis(mixed: Dataset, tmp_path: Path) -> None:
    with zipfile.ZipFile(exported(mixed, "thesis", tmp_path)) as archive:
        sizes = [np.load(archive.open(name))["images"].shape[1] for name in archive.namelist() if name.endswith("z")]
    assert sizes == [784] * 3


def test_folders_have_the_numbers_of_the_letters(dataset: Dataset, tmp_path: Path) -> None:
    with zipfile.ZipFile(exported(dataset, "numbered", tmp_path)) as archive:
        folders = {name.split("/")[1] for name in archive.namelist() if "/" in name}
    assert folders == {"0", "1", "2"}


@pytest.fixture
def of_mnist(dataset: Dataset, tmp_path: Path) -> Path:
    """A folder with the files that others read."""
    with zipfile.ZipFile(exported(dataset, "mnist", tmp_path)) as archive:
        archive.extractall(tmp_path / "mnist")
    return tmp_path / "mnist"


def rows_of(dataset: Dataset, split: Split) -> set[tuple[int, bytes]]:
    """Letter and pixels of each picture of a split."""
    index = Index.load(dataset.folder)
    own = index.take(index.splits == split)
    pictures = decoded(dataset.folder, own)
    return {(label, pixels.tobytes()) for label, pixels in zip(own.labels.tolist(), pictures, strict=True)}


def test_idx2numpy_reads_the_export(dataset: Dataset, of_mnist: Path) -> None:
    for split, name in ((Split.TRAIN, "train"), (Split.TEST, "t10k")):
        images = idx2numpy.convert_from_file(str(of_mnist / f"{name}-images-idx3-ubyte"))
        labels = idx2numpy.convert_from_file(str(of_mnist / f"{name}-labels-idx1-ubyte"))
        assert images.shape == (dataset.size(split), 28, 28)
        assert {(int(label), image.tobytes()) for label, image in zip(labels, images, strict=True)} == rows_of(
            dataset, split
        )


def test_python_mnist_reads_the_export(dataset: Dataset, of_mnist: Path) -> None:
    reader = mnist.MNIST(str(of_mnist))
    for split, (images, labels) in ((Split.TRAIN, reader.load_training()), (Split.TEST, reader.load_testing())):
        assert {(label, bytes(image)) for label, image in zip(labels, images, strict=True)} == rows_of(dataset, split)


def test_export_is_made_piece_by_piece(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    from training.datasets.storage import export_formats

    monkeypatch.setattr(export_formats, "PIECE", 500)

    pieces = list(export(dataset, "folders"))

    assert len(pieces) > 5
    with zipfile.ZipFile(io.BytesIO(b"".join(pieces))) as file:
        assert file.testzip() is None
        assert len(file.namelist()) == 25


def test_command_writes_the_file(dataset: Dataset, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "out.zip"

    call_command("export_dataset", "letters", "--format", "idx", "--output", str(target), "--json")

    assert str(target) in capsys.readouterr().out
    assert import_archive(target, name="again").content_sha256 == dataset.content_sha256


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["none", "--format", "npz"], "There is no data set named “none”"),
        (["letters", "--format", "npz", "--output", "/nowhere/at/all.npz"], "the folder /nowhere/at does not exist"),
    ],
)
def test_command_says_what_is_wrong(arguments: list[str], words: str, dataset: Dataset) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("export_dataset", *arguments)


def test_page_streams_the_download(dataset: Dataset, client: Client, tmp_path: Path) -> None:
    page = client.get(dataset.get_absolute_url()).content.decode()
    for form in FORMS:
        address = f"/data/{dataset.pk}/export/{form}/"
        assert address in page
        response = client.get(address)
        assert (response.status_code, response.streaming) == (200, True)
        assert f'filename="{file_name(dataset, form)}"' in response["Content-Disposition"]
        path = tmp_path / file_name(dataset, form)
        path.write_bytes(response.getvalue())
        assert import_archive(path, name=f"back by {form}").content_sha256 == dataset.content_sha256


def test_page_answers_bad_requests(dataset: Dataset, mixed: Dataset, client: Client) -> None:
    assert client.get(f"/data/{dataset.pk}/export/exe/").status_code == 404
    assert client.get("/data/999/export/npz/").status_code == 404
    assert client.get(f"/data/{mixed.pk}/export/idx/").status_code == 400


def test_a_download_is_made_once_and_kept_with_its_data_set(
    rf: RequestFactory, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    def download() -> bytes:
        answer: Any = export_views.download(rf.get("/"), dataset.pk, "folders")
        assert answer.file_to_stream is not None, "the web server sends a file by itself"
        return bytes(answer.getvalue())

    made = download()
    monkeypatch.setitem(FORMS, "folders", lambda *_: 1 / 0)
    assert download() == made
    assert [path.name for path in (dataset.folder / "exports").iterdir()] == ["folders.zip"]


def test_a_full_disk_keeps_nobody_from_a_download(
    client: Client, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(kept_exports, "_write", fail)
    answer = client.get(f"/data/{dataset.pk}/export/folders/")
    assert zipfile.ZipFile(io.BytesIO(answer.getvalue())).testzip() is None
