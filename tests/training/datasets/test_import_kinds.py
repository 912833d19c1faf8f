"""`import_dataset` on archives of every kind that was once read wrongly: each picture has its letter."""

import gzip
import io
import json
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import call_command
from PIL import Image

from recognizer.core.alphabet import RUSSIAN
from recognizer.pictures import decode
from tests.training.datasets import making
from tests.training.datasets.archives.test_names import raw_zip
from training.datasets.models import Dataset
from training.datasets.storage.picture_files import Index, decoded

pytestmark = pytest.mark.django_db
PICTURES = [making.png(number) for number in range(len(RUSSIAN))]
LATIN = str.maketrans("АВСЕНКМОРТХ", "ABCEHKMOPTX")
Contents = dict[str, bytes]


def by_folder(name: Callable[[int], str]) -> Contents:
    """Each letter in a folder of this name."""
    return {f"{name(number)}/1.png": data for number, data in enumerate(PICTURES)}


def by_table(
    path: Callable[[int], str] = lambda number: f"{number}.png",
    label: Callable[[int], str] = lambda number: RUSSIAN[number],
    file: Callable[[int], str] = lambda number: f"{number}.png",
    encoding: str = "utf-8",
) -> Contents:
    """Files beside a table that names them by their paths."""
    rows = "".join(f"{path(number)},{label(number)}\n" for number in range(len(RUSSIAN)))
    return {
        "labels.csv": f"file,letter\n{rows}".encode(encoding),
        **{file(number): data for number, data in enumerate(PICTURES)},
    }


def turned(data: bytes) -> bytes:
    """A JPEG that lies on its side, and says so."""
    image = Image.open(io.BytesIO(data)).transpose(Image.Transpose.ROTATE_90)
    exif, file = Image.Exif(), io.BytesIO()
    exif[0x0112] = 6
    image.save(file, "JPEG", quality=100, exif=exif)
    return file.getvalue()


def pixels(folder: Path) -> Path:
    """A gzipped CSV with a header of numbers: the label, then a column for each pixel."""
    rows = [",".join(map(str, range(785)))]
    for number, data in enumerate(PICTURES):
        rows.append(",".join(map(str, [number, *decode(data).ravel().tolist()])))
    path = folder / "letters.csv.gz"
    path.write_bytes(gzip.compress("\n".join(rows).encode()))
    return path


KINDS: dict[str, tuple[Contents, str]] = {
    "folders of letters": (by_folder(lambda number: RUSSIAN[number]), ""),
    "folders from 1": (by_folder(lambda number: str(number + 1)), "start at 1: 1 is А."),
    "folders s01 … s33": (by_folder(lambda number: f"s{number + 1:02d}"), "follow “s”"),
    "letters typed in Latin": (by_folder(lambda number: RUSSIAN[number].translate(LATIN)), "A → А"),
    "backslashes": (by_folder(lambda number: f"set\\{RUSSIAN[number]}"), ""),
    "writers' folders beside a table": (
        by_table(
            lambda number: f"dataset/{number % 4}/{number:03d}.png",
            file=lambda number: f"{number % 4}/{number:03d}.png",
        ),
        "taken for writers",
    ),
    "decomposed letters": (by_table(label=lambda number: unicodedata.normalize("NFD", RUSSIAN[number])), ""),
    "endings in another case": (by_table(lambda number: f"{number}.PNG"), ""),
    "absolute paths": (by_table(lambda number: f"/home/somebody/letters/{number}.png"), ""),
    "numbers with a fraction": (by_table(label=lambda number: f"{number}.0"), ""),
    "a table in cp866": (by_table(label=lambda number: RUSSIAN[number].lower(), encoding="cp866"), "read as cp866"),
    "JPEGs on their side": (
        {f"{RUSSIAN[number]}/1.jpg": turned(data) for number, data in enumerate(PICTURES)},
        "",
    ),
}


def imported(path: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """What the command prints."""
    call_command("import_dataset", str(path), "--name", "letters", "--json")
    figures: dict[str, Any] = json.loads(capsys.readouterr().out)
    return figures


def assert_each_picture_has_its_letter() -> None:
    """By its pixels, which are nearest to those of one letter."""
    dataset = Dataset.objects.get(name="letters")
    index = Index.load(dataset.folder)
    assert dataset.letters == RUSSIAN
    truth = np.stack([decode(data).astype(np.float64) for data in PICTURES])
    found = [np.abs(truth - picture).mean(axis=(1, 2)).argmin() for picture in decoded(dataset.folder, index)]
    assert index.labels.tolist() == [int(number) for number in found]
    assert sorted(index.labels.tolist()) == list(range(len(RUSSIAN)))


@pytest.mark.parametrize("kind", KINDS)
def test_every_picture_has_its_letter(kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    contents, note = KINDS[kind]
    figures = imported(making.write_zip(tmp_path / "letters.zip", contents), capsys)
    assert (figures["pictures"], figures["set_aside"], figures["skipped"]) == (33, 0, 0)
    assert note in " ".join(figures["notes"])
    assert_each_picture_has_its_letter()


def test_names_in_an_older_encoding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    contents = by_folder(lambda number: RUSSIAN[number].lower())
    path = tmp_path / "letters.zip"
    raw_zip(path, {name.encode("cp1251"): data for name, data in contents.items()})
    assert imported(path, capsys)["pictures"] == 33
    assert_each_picture_has_its_letter()


def test_pixels_below_a_header_of_numbers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert imported(pixels(tmp_path), capsys)["pictures"] == 33
    assert_each_picture_has_its_letter()
