"""The commands: one JSON object on standard output, one clear line on bad input."""

import json
import os
import sys
from collections.abc import Callable, Iterator
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


def _typed(keyboard: int, text: str) -> None:
    os.write(keyboard, text.encode())


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """A terminal as standard input; what is typed on it is given to the function."""
    keyboard, screen = os.openpty()
    with os.fdopen(screen) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        yield lambda text: _typed(keyboard, text)
    os.close(keyboard)


@pytest.mark.django_db
def test_found_is_printed_and_asked_about_on_a_terminal(
    archive: Path, terminal: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    terminal("n\n")
    with pytest.raises(CommandError, match="Nothing was imported"):
        call_command("import_dataset", str(archive), "--name", "letters")
    assert not Dataset.objects.exists()
    words = capsys.readouterr().err
    assert "layout “folders”, 24 pictures of 33 letters" in words
    assert "А 8, Б 8, В 8, Г 0" in words
    assert words.endswith("Import it? [Y/n] ")

    terminal("\n")
    call_command("import_dataset", str(archive), "--name", "letters", "--json")
    assert printed(capsys)["pictures"] == 24


@pytest.mark.django_db
def test_yes_asks_nothing_on_a_terminal(
    archive: Path, terminal: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("import_dataset", str(archive), "--name", "letters", "--yes")

    assert "Import it?" not in capsys.readouterr().err
    assert Dataset.objects.count() == 1


@pytest.mark.django_db
def test_end_of_input_is_no_yes(
    archive: Path, terminal: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    terminal("\x04")
    with pytest.raises(CommandError, match="Nothing was imported"):
        call_command("import_dataset", str(archive), "--name", "letters")


@pytest.mark.django_db
def test_inspect_prints_and_imports_nothing(archive: Path, capsys: pytest.CaptureFixture[str], var: Path) -> None:
    call_command("import_dataset", str(archive), "--inspect")
    assert "parts: none yet" in capsys.readouterr().out

    call_command("import_dataset", str(archive), "--inspect", "--json")
    figures = printed(capsys)
    assert (figures["layout"], figures["pictures"], figures["class_sets"]) == (
        "folders",
        24,
        {"russian": 24, "all": 24},
    )
    assert (left_behind(var), Dataset.objects.count()) == ([], 0)


@pytest.mark.django_db
def test_split_of_a_persons_choice(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_dataset", str(archive), "--name", "a", "--test", "9", "--validation", "1/8", "--json")

    figures = printed(capsys)
    assert (figures["train"], figures["validation"], figures["test"], figures["different"]) == (12, 3, 9, 24)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--name", "a", "--test", "0"], "“0” is no size of a part"),
        (["--name", "a", "--validation", "24"], "leaves none for training"),
        (["--name", "a", "--split", "never"], "invalid choice"),
        ([], "Give the new data set a --name"),
    ],
)
def test_bad_choices_are_refused_in_one_line(arguments: list[str], words: str, archive: Path, var: Path) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("import_dataset", str(archive), *arguments)
    assert left_behind(var) == []
