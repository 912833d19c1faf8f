"""Exports made once and kept beside their data set, which never changes: the second download costs nothing."""

from collections.abc import Iterator
from pathlib import Path

from recognizer.core.files import replacing
from training.datasets.models import Dataset
from training.datasets.storage.export_formats import export

FOLDER = "exports"


def kept_export(dataset: Dataset, form: str) -> Path:
    """The file of a data set in one of `FORMS`; made at the first call, gone with its data set.

    Raises:
        DatasetError: there is no such form, its pictures do not fit it, or its files are gone.
        OSError: there is no room on the disk.

    """
    pieces = export(dataset, form)
    path: Path = dataset.folder / FOLDER / f"{form}.zip"
    if not path.exists():
        _write(path, pieces)
    return path


def _write(path: Path, pieces: Iterator[bytes]) -> None:
    path.parent.mkdir(exist_ok=True)
    with replacing(path, name_survives=False) as file:
        for piece in pieces:
            file.write(piece)
