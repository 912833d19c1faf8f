"""The commands: one JSON object on standard output, one clear line on bad input."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from recognizer import catalog
from recognizer.catalog import CatalogError, LoadedModel
from tests.training.datasets import making
from tests.training.datasets.conftest import left_behind
from tests.training.datasets.reading_model import model_of
from training.datasets.models import Dataset

MODEL = model_of(making.folders(), making.LETTERS)


@pytest.fixture
def shipped(monkeypatch: pytest.MonkeyPatch) -> LoadedModel:
    """A shipped model, and no database."""

    def no_database() -> LoadedModel:
        raise OperationalError("unable to open database file")

    monkeypatch.setattr(catalog, "active", no_database)
    monkeypatch.setattr(catalog, "shipped", lambda: MODEL)
    return MODEL


def printed(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The JSON on standard output; nothing else may be there."""
    out, _err = capsys.readouterr()
    figures: dict[str, Any] = json.loads(out)
    return figures


@pytest.mark.django_db
def test_import_dataset_prints_its_figures(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_dataset", str(archive), "--name", "letters", "--seed", "7", "--json")

    figures = printed(capsys)
    dataset = Dataset.objects.get(name="letters")
    assert dataset.seed == 7
    assert {key: figures[key] for key in ("dataset", "id", "letters", "set_aside", "pictures", "skipped")} == {
        "dataset": "letters",
        "id": dataset.pk,
        "letters": 24,
        "set_aside": 0,
        "pictures": 24,
        "skipped": 0,
    }
    assert figures["train"] + figures["validation"] + figures["test"] == 24


@pytest.mark.django_db
def test_import_dataset_in_words(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_dataset", str(archive), "--name", "letters")

    assert "Data set “letters”: 24 pictures (train" in capsys.readouterr().out


@pytest.mark.django_db
def test_import_dataset_of_a_bad_archive_is_one_line(tmp_path: Path, var: Path) -> None:
    with pytest.raises(CommandError, match=r"^There is no file or folder .*none\.zip\.$"):
        call_command("import_dataset", str(tmp_path / "none.zip"), "--name", "letters")
    assert left_behind(var) == []


@pytest.mark.parametrize("seed", ["-1", "x", "9223372036854775808"])
def test_bad_seed_is_refused(seed: str) -> None:
    with pytest.raises(CommandError, match="--seed"):
        call_command("import_dataset", "a.zip", "--name", "a", "--seed", seed)


def test_evaluate_scores_an_archive_without_a_database(
    archive: Path, shipped: LoadedModel, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("evaluate", str(archive), "--json")

    figures = printed(capsys)
    assert {key: figures[key] for key in ("images", "correct", "accuracy", "top5", "model")} == {
        "images": 24,
        "correct": 24,
        "accuracy": 1.0,
        "top5": 1.0,
        "model": "means",
    }
    assert figures["per_letter"] == {"А": 1.0, "Б": 1.0, "В": 1.0}


def test_evaluate_scores_a_part_of_a_data_set(
    dataset: Dataset, shipped: LoadedModel, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("evaluate", "letters", "--json")
    assert printed(capsys)["images"] == 6
    call_command("evaluate", "letters", "--split", "train", "--precision", "fp16", "--json")
    figures = printed(capsys)
    assert (figures["images"], figures["precision"]) == (16, "fp16")


def test_evaluate_in_words(archive: Path, shipped: LoadedModel, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("evaluate", str(archive))

    assert "24 of 24 read right, accuracy 100.00%" in capsys.readouterr().out


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nothing"], "neither a data set named “nothing” nor an archive"),
        (["/no/such.zip"], "neither a data set named"),
        (["{archive}", "--split", "test"], "An archive is scored whole"),
        (["{archive}", "--precision", "int3"], "precision “int3” is not one of"),
    ],
)
def test_evaluate_refuses_in_one_line(arguments: list[str], words: str, archive: Path, shipped: LoadedModel) -> None:
    with pytest.raises(CommandError) as caught:
        call_command("evaluate", *(argument.format(archive=archive) for argument in arguments))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_evaluate_names_an_unknown_model(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(name: str) -> LoadedModel:
        raise CatalogError(f"No shipped model is named “{name}”.")

    monkeypatch.setattr(catalog, "find", unknown)
    with pytest.raises(CommandError, match="No shipped model is named “x”"):
        call_command("evaluate", str(archive), "--model", "x")


@pytest.mark.django_db
def test_same_bytes_are_recognised(archive: Path) -> None:
    call_command("import_dataset", str(archive), "--name", "first")

    with pytest.raises(CommandError, match=r"letters\.zip was imported before, as “first”; --again"):
        call_command("import_dataset", str(archive), "--name", "second")
    call_command("import_dataset", str(archive), "--name", "second", "--again")
    call_command("import_dataset", str(archive), "--name", "third", "--letters", "all")

    assert Dataset.objects.count() == 3
