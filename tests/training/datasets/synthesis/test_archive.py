"""The archive of synthetic letters: the same bytes for a seed, every picture accounted for."""

import json
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from recognizer.core.alphabet import RUSSIAN
from tests.training.datasets.conftest import left_behind
from training.datasets import synthesis
from training.datasets.content.splitting import Split
from training.datasets.errors import DatasetError, ImportStoppedError
from training.datasets.imports.pipeline import import_archive
from training.datasets.models import Dataset, DatasetImport, Origin
from training.datasets.services import queue_first_dataset
from training.datasets.synthesis.archive import FONT_SHARE


def made(path: Path, **options: Any) -> list[str]:
    """Make an archive and return its names."""
    synthesis.make_archive(path, **options)
    with zipfile.ZipFile(path) as archive:
        return archive.namelist()


def test_archive_depends_on_nothing_but_the_seed(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        made(tmp_path / name, per_letter=5, letters="ЖЯ", seed=seed)

    a, b, c = ((tmp_path / name).read_bytes() for name in "abc")
    assert a == b != c


def test_a_letter_does_not_depend_on_the_others(tmp_path: Path) -> None:
    alone = made(tmp_path / "a", per_letter=5, letters="Я", seed=1)
    made(tmp_path / "b", per_letter=5, letters="ЖЯ", seed=1)

    with zipfile.ZipFile(tmp_path / "a") as a, zipfile.ZipFile(tmp_path / "b") as b:
        assert [a.read(name) for name in alone] == [b.read(name) for name in alone]


def test_names_tell_where_each_picture_comes_from(tmp_path: Path) -> None:
    names = made(tmp_path / "a", per_letter=50)

    assert Counter(name.split("/")[2] for name in names) == dict.fromkeys(RUSSIAN, 50)
    origins = synthesis.count_origins(names)
    assert sum(origins.values()) == len(names)
    assert {"skeletons/printed", "skeletons/cursive", "skeletons/small", "fonts/Caveat"} <= set(origins)
    of_fonts = sum(count for origin, count in origins.items() if origin.startswith("fonts/"))
    assert of_fonts == FONT_SHARE * len(names)


@pytest.mark.parametrize("name", ["set/А/1.png", "fonts/Ж/1.png", "train/А/skeletons/1.png", "", "skeletons"])
def test_other_pictures_have_no_origin_of_ours(name: str) -> None:
    assert synthesis.origin_of(name) == ""


@pytest.mark.parametrize("per_letter", [0, -1, synthesis.MAX_PER_LETTER + 1])
def test_numbers_that_cannot_be_made(tmp_path: Path, per_letter: int) -> None:
    with pytest.raises(DatasetError, match="Between 1 and 9000"):
        made(tmp_path / "a", per_letter=per_letter)


def test_a_letter_without_a_skeleton_is_drawn_from_fonts_alone(tmp_path: Path) -> None:
    names = made(tmp_path / "a", per_letter=10, letters="ӘЖ")

    assert Counter(name.split("/")[0] for name in names if "/Ә/" in name) == {"fonts": 10}
    assert Counter(name.split("/")[0] for name in names if "/Ж/" in name) == {"fonts": 2, "skeletons": 8}


def test_letters_that_no_font_has(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="No installed font has all the letters"):
        made(tmp_path / "a", per_letter=10, letters="Ж\U0001f984")


def test_it_stops_between_letters_and_tells_how_far_it_is(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []

    with pytest.raises(ImportStoppedError):
        made(tmp_path / "a", per_letter=2, progress=lambda *done: told.append(done), should_stop=lambda: len(told) == 3)

    assert told == [(2, 66), (4, 66), (6, 66)]


@pytest.mark.django_db
def test_archive_imports_with_nothing_left_out(tmp_path: Path) -> None:
    made(tmp_path / "synthetic.zip", per_letter=10)

    dataset = import_archive(tmp_path / "synthetic.zip", name="ours")

    assert (dataset.pictures, dataset.report["skipped"], dataset.is_synthetic) == (10 * 33, 0, True)
    assert sum(dataset.report["origins"].values()) == dataset.pictures
    assert min(dataset.counts(Split.TRAIN)) >= 3


@pytest.mark.django_db
def test_command_makes_a_data_set_and_evaluate_tells_the_origins_apart(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("make_dataset", "synthetic", "--name", "ours", "--per-letter", "12", "--seed", "3", "--json")

    figures = json.loads(capsys.readouterr().out)
    assert (figures["dataset"], figures["pictures"]) == ("ours", 12 * 33)
    assert figures["origins"]["skeletons/printed"] > figures["origins"]["skeletons/small"]

    call_command("evaluate", "ours", "--split", "train", "--json")
    score = json.loads(capsys.readouterr().out)
    assert set(score["per_origin"]) <= set(figures["origins"])
    assert 0.4 < np.mean([score["per_origin"][f"skeletons/{style}"] for style in ("printed", "cursive")]) <= 1

    call_command("evaluate", "ours")
    words = capsys.readouterr().out
    assert "By origin: fonts/" in words
    assert "skeletons/printed " in words


@pytest.mark.django_db
def test_command_in_words_and_its_refusals(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("make_dataset", "synthetic", "--name", "ours", "--per-letter", "1")
    assert "Data set “ours”: 33 pictures" in capsys.readouterr().out

    for words, message in (
        (["--name", "ours", "--per-letter", "1"], "There is a data set named “ours” already"),
        (["--name", "more", "--per-letter", "0"], "Between 1 and 9000 of each letter"),
        (["--name", "more", "--seed", "-1"], "--seed"),
    ):
        with pytest.raises(CommandError, match=message):
            call_command("make_dataset", "synthetic", *words)
    assert left_behind(var) == ["1"]


@pytest.mark.django_db
def test_first_start_queues_them_once() -> None:
    assert queue_first_dataset()
    assert not queue_first_dataset()

    job = DatasetImport.objects.get()
    assert (job.name, job.origin, job.per_letter, job.state) == ("synthetic", Origin.SYNTHETIC, 100, "queued")


def test_nothing_is_queued_where_there_is_data(dataset: Dataset) -> None:
    assert not queue_first_dataset()
