"""Pages of pictures: sheets of any of them, averages, examples by letter and split."""

import io

import numpy as np
import pytest
from django.test import Client
from PIL import Image

from training.datasets.content.splitting import Split
from training.datasets.models import Dataset
from training.datasets.storage.picture_files import Index, decoded
from training.datasets.storage.publish import STANDING_INK
from training.datasets.web import sprite_sheets
from training.datasets.web.balance import balance_of

pytestmark = pytest.mark.django_db


def image(client: Client, path: str) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Get a picture."""
    response = client.get(path)
    assert response.status_code == 200
    assert "immutable" in response["Cache-Control"]
    return np.asarray(Image.open(io.BytesIO(response.getvalue())))


def test_a_sheet_shows_the_pictures_that_were_asked_for(client: Client, dataset: Dataset) -> None:
    numbers = [23, 0, 5]
    sheet = image(client, f"/data/{dataset.pk}/pictures.png?n={','.join(map(str, numbers))}")

    assert sheet.shape == (sprite_sheets.CELL, 3 * sprite_sheets.CELL)
    index = Index.load(dataset.folder)
    for window, pixels in zip(
        sprite_sheets.windows(numbers), decoded(dataset.folder, index.take(np.array(numbers))), strict=True
    ):
        cell = sheet[window.top : window.top + sprite_sheets.CELL, window.left : window.left + sprite_sheets.CELL]
        again = np.asarray(Image.fromarray(cell[2:-2, 2:-2]).resize((28, 28), Image.Resampling.BOX))
        assert np.corrcoef(again.ravel(), pixels.ravel())[0, 1] > 0.9


def test_many_pictures_stand_in_rows() -> None:
    window = sprite_sheets.windows(range(50))[sprite_sheets.COLUMNS + 1]
    assert (window.left, window.top) == (sprite_sheets.CELL, sprite_sheets.CELL)


def test_a_damaged_picture_is_a_grey_square(client: Client, dataset: Dataset) -> None:
    index = Index.load(dataset.folder)
    with (dataset.folder / "pictures.bin").open("r+b") as file:
        file.seek(int(index.starts[1]))
        file.write(bytes(int(index.lengths[1])))
    sheet = image(client, f"/data/{dataset.pk}/pictures.png?n=0,1")
    assert (sheet[:, sprite_sheets.CELL :] == sprite_sheets.DAMAGED).all()


@pytest.mark.parametrize(
    ("query", "status"), [("", 400), ("?n=a", 400), ("?n=24", 404), ("?n=-1", 404), ("?n=" + "1," * 300 + "1", 404)]
)
def test_a_list_that_is_not_of_pictures_is_refused(client: Client, dataset: Dataset, query: str, status: int) -> None:
    assert client.get(f"/data/{dataset.pk}/pictures.png{query}").status_code == status


def test_averages_are_those_of_the_training_split(client: Client, dataset: Dataset) -> None:
    averages = image(client, f"/data/{dataset.pk}/averages.png")
    assert averages.shape == (28, 28 * len(dataset.letters))
    with np.load(dataset.folder / f"{STANDING_INK}-train.npz") as file:
        mean = file["inputs"][file["labels"] == 1].mean(axis=0).reshape(28, 28)
    assert np.abs(averages[:, 28:56] - (255 - mean)).max() <= 1


def test_examples_are_filtered_and_paged(client: Client, dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.datasets.web.picture_views.PICTURES_ON_A_PAGE", 5)
    page = client.get(f"/data/{dataset.pk}/examples/?letter=Б&split=train")
    index = Index.load(dataset.folder)
    wanted = np.flatnonzero((index.labels == 1) & (index.splits == Split.TRAIN)).tolist()
    assert [window.picture for window, _letter, _decision in page.context["tiles"]] == wanted[:5]
    assert page.content.decode().count('<use href="#sheet"/>') == min(5, len(wanted))
    second = client.get(f"/data/{dataset.pk}/examples/?page=2")
    assert [window.picture for window, _letter, _decision in second.context["tiles"]] == [5, 6, 7, 8, 9]


@pytest.mark.parametrize("query", ["?letter=Я", "?letter=АБ&split=none", "?page=999", "?page=x"])
def test_strange_filters_show_something(client: Client, dataset: Dataset, query: str) -> None:
    assert client.get(f"/data/{dataset.pk}/examples/{query}").status_code == 200


@pytest.mark.parametrize("query", ["?letter=Ъ", "?letter=АБ", "?split=none"])
def test_no_picture_fits_what_there_is_not(client: Client, dataset: Dataset, query: str) -> None:
    assert client.get(f"/data/{dataset.pk}/examples/{query}").context["tiles"] == []


def test_missing_files_are_404(client: Client, dataset: Dataset) -> None:
    for path in dataset.folder.iterdir():
        path.unlink()
    for name in ("examples/", "pictures.png?n=1", "averages.png"):
        assert client.get(f"/data/{dataset.pk}/{name}").status_code == 404


def test_inequality_is_spoken_of(client: Client, dataset: Dataset) -> None:
    assert not balance_of(dataset).is_unequal
    assert "unequal" not in client.get(f"/data/{dataset.pk}/").content.decode()
    dataset.report["counts"]["train"] = [90, 10, 45]
    dataset.save()
    assert balance_of(dataset).ratio == 9
    assert "А has 90 training pictures, Б has 10" in client.get(f"/data/{dataset.pk}/").content.decode()


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 and no more", b"\x93NUMPY"])
def test_a_damaged_index_is_a_clear_page(client: Client, dataset: Dataset, damage: bytes) -> None:
    (dataset.folder / "index.npz").write_bytes(damage)
    assert client.get(f"/data/{dataset.pk}/").status_code == 200
    assert client.get(f"/data/{dataset.pk}/examples/").status_code == 404
    assert client.get(f"/data/{dataset.pk}/pictures.png?n=0").status_code == 404
    assert client.get(f"/data/{dataset.pk}/export/npz/").status_code == 400  # with the reason
