"""What is exported comes back as it was, in every form."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.training.datasets import making
from training.datasets.errors import DatasetError
from training.datasets.exporting import FORMS, export, file_name
from training.datasets.importing import import_archive
from training.datasets.models import Dataset
from training.datasets.splitting import Split

pytestmark = pytest.mark.django_db


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
    form=st.sampled_from(sorted(FORMS)),
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


@pytest.mark.parametrize("form", ["npz", "folders"])
def test_pictures_of_any_size_and_kind_come_back(form: str, mixed: Dataset, tmp_path: Path) -> None:
    assert again(mixed, form, tmp_path).content_sha256 == mixed.content_sha256


@pytest.mark.parametrize("form", ["csv", "idx"])
def test_pictures_of_many_sizes_are_refused_where_they_do_not_fit(form: str, mixed: Dataset) -> None:
    with pytest.raises(DatasetError, match="not all greys of one square size: choose npz or folders"):
        export(mixed, form)


def test_numpy_reads_the_arrays(dataset: Dataset, tmp_path: Path) -> None:
    with np.load(exported(dataset, "npz", tmp_path), allow_pickle=False) as file:
        assert file["images"].shape == (24, 28, 28)
        assert "".join(file["letters"]) == making.LETTERS
        assert np.bincount(file["labels"]).tolist() == [8, 8, 8]
        assert (file["splits"] == "test").sum() == dataset.size(Split.TEST)


def test_export_is_made_piece_by_piece(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    from training.datasets import exporting

    monkeypatch.setattr(exporting, "PIECE", 500)

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
        (["letters", "--format", "npz", "--output", "/nowhere/at/all.npz"], "cannot be written"),
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
