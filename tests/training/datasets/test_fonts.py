"""Letters drawn from fonts: all of them, the same for a seed."""

import zipfile
from collections import Counter
from pathlib import Path

import pytest

from recognizer.core.alphabet import RUSSIAN
from training.datasets import fonts
from training.datasets.errors import DatasetError
from training.datasets.importing import import_archive
from training.datasets.models import Dataset, DatasetImport, Origin
from training.datasets.splitting import Split
from training.jobs import lifecycle


def test_fonts_have_every_letter_and_placeholders_are_no_letters() -> None:
    names = [path.name for path in fonts.font_files()]

    assert {"DejaVuSans.ttf", "Roboto-Regular.ttf", "SourceSansPro-Regular.ttf"} <= set(names)
    assert not [name for name in names if name.startswith(("LastResort", "AmaticSC", "cm"))]


def test_archive_depends_on_nothing_but_the_seed(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        fonts.make_archive(tmp_path / name, per_letter=2, letters="ЖЯ", seed=seed)

    a, b, c = ((tmp_path / name).read_bytes() for name in "abc")
    assert a == b != c


def test_archive_imports_with_nothing_left_out(tmp_path: Path, db: None) -> None:
    fonts.make_archive(tmp_path / "fonts.zip", per_letter=6)

    dataset = import_archive(tmp_path / "fonts.zip", name="fonts")

    assert dataset.pictures == 6 * 33
    assert dataset.report["skipped"] == 0
    assert min(dataset.counts(Split.TRAIN)) >= 2
    with zipfile.ZipFile(tmp_path / "fonts.zip") as archive:
        assert Counter(name[0] for name in archive.namelist()) == dict.fromkeys(RUSSIAN, 6)


def test_letters_that_no_font_has_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="No installed font"):
        fonts.make_archive(tmp_path / "a.zip", letters="\U0001f984")


def test_first_start_queues_them_once(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifecycle, "wake", lambda _kind: None)

    assert fonts.queue_first_dataset()
    assert not fonts.queue_first_dataset()

    job = DatasetImport.objects.get()
    assert (job.name, job.origin, job.state) == ("fonts", Origin.FONTS, "queued")


def test_nothing_is_queued_where_there_is_data(dataset: Dataset) -> None:
    assert not fonts.queue_first_dataset()
