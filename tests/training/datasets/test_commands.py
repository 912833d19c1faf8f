"""The commands: one JSON object on standard output, one clear line on bad input."""

import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import OperationalError

from recognizer import active_model
from recognizer.filestore import patience, places
from recognizer.filestore.errors import StoreAwayError
from recognizer.loading import CatalogueError, LoadedModel
from tests.training.datasets import making
from tests.training.datasets.conftest import left_behind
from tests.training.datasets.reading_model import model_of
from training.datasets.models import Dataset

MODEL = model_of(making.folders(), making.LETTERS)


@pytest.fixture
def shipped(monkeypatch: pytest.MonkeyPatch) -> LoadedModel:
    """A shipped model, and no database."""

    def no_database(_loaded: LoadedModel | None) -> LoadedModel:
        raise OperationalError("unable to open database file")

    monkeypatch.setattr(active_model, "_seen", no_database)
    monkeypatch.setattr(active_model, "shipped", lambda: MODEL)
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
def test_the_example_of_the_docs_makes_the_thesiss_data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its command, on a small archive with copies of pictures; what it says of `cmnist.zip` is the same ratio."""
    docs = Path(settings.BASE_DIR, "docs", "data.md").read_text()
    example = re.search(r"import_dataset (cmnist\.zip) (--name thesis .*?)  # (\S+) to train, (\S+) to test", docs)
    assert example
    contents = making.folders(40)
    contents |= {name.replace("0.png", "0 copy.png"): data for name, data in contents.items() if name.endswith("0.png")}
    archive = making.write_zip(tmp_path / "letters.zip", contents)

    call_command("import_dataset", str(archive), *example[2].split(), "--json")

    figures = printed(capsys)
    test = round(len(contents) * 16_500 / 93_135)
    assert [figures[key] for key in ("train", "validation", "test")] == [len(contents) - test, 0, test]
    assert figures["duplicates_dropped"] == 0
    train, test = (int(number.replace(",", "")) for number in example.groups()[2:])
    assert (test, train + test) == (round(88_361 * 16_500 / 93_135), 88_361)


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


def test_evaluate_scores_a_split_of_a_data_set(
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
        raise CatalogueError(f"No shipped model is named “{name}”.")

    monkeypatch.setattr(active_model, "find", unknown)
    with pytest.raises(CommandError, match="No shipped model is named “x”"):
        call_command("evaluate", str(archive), "--model", "x")


@pytest.mark.django_db
def test_an_import_waits_for_a_store_that_is_away(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[Path] = []

    def put(path: Path) -> None:
        tries.append(path)
        if len(tries) < 3:
            raise StoreAwayError("Could not connect")

    monkeypatch.setattr(patience, "WAIT_SECONDS", 0.01)
    monkeypatch.setattr(places, "keep", lambda path: patience.patiently(lambda: put(path)))
    call_command("import_dataset", str(archive), "--name", "letters")
    assert tries == [Dataset.objects.get().folder] * 3


@pytest.mark.django_db(transaction=True)
def test_ctrl_c_ends_an_import_that_waits_for_the_store(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def put() -> None:
        raise StoreAwayError("Could not connect")

    def press(*_pause: Any) -> None:
        presses.append(None)
        raise KeyboardInterrupt

    def forget_folder(folder: Path) -> None:
        with pytest.raises(StoreAwayError):
            patience.patiently(put)
        shutil.rmtree(folder)

    presses: list[None] = []
    monkeypatch.setattr(patience, "_pause", press)
    monkeypatch.setattr(places, "keep", lambda _path: patience.patiently(put))
    monkeypatch.setattr(places, "forget_folder", forget_folder)
    with pytest.raises(CommandError, match="Stopped; nothing was imported"):
        call_command("import_dataset", str(archive), "--name", "letters")
    assert len(presses) == 1, "nobody waits for the store once more"
    assert not Dataset.objects.exists()


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
def test_end_of_input_does_not_mean_yes(
    archive: Path, terminal: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    terminal("\x04")
    with pytest.raises(CommandError, match="Nothing was imported"):
        call_command("import_dataset", str(archive), "--name", "letters")


@pytest.mark.django_db
def test_inspect_prints_and_imports_nothing(archive: Path, capsys: pytest.CaptureFixture[str], var: Path) -> None:
    call_command("import_dataset", str(archive), "--inspect")
    assert "splits: none yet" in capsys.readouterr().out

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
        (["--name", "a", "--test", "0"], "“0” is not the size of a split"),
        (["--name", "a", "--validation", "24"], "leaves none for training"),
        (["--name", "a", "--split", "never"], "invalid choice"),
        ([], "Give the new data set a --name"),
    ],
)
def test_bad_choices_are_refused_in_one_line(arguments: list[str], words: str, archive: Path, var: Path) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("import_dataset", str(archive), *arguments)
    assert left_behind(var) == []


@pytest.mark.django_db
@pytest.mark.parametrize("command", [("evaluate",), ("import_dataset", "--name", "a")])
def test_what_an_archive_does_not_tell_is_refused_with_the_option_that_answers(
    command: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    contents = {f"{number}/{place}.png": making.png(number + 9 * place) for number in range(5, 8) for place in range(8)}
    path = making.write_zip(tmp_path / "numbers.zip", contents)

    with pytest.raises(CommandError, match=r"Answer with --numbers-from 0 or --numbers-from 1\.$"):
        call_command(command[0], str(path), *command[1:])

    call_command(command[0], str(path), *command[1:], "--numbers-from", "1", "--json")
    figures = printed(capsys)
    assert figures["images" if command[0] == "evaluate" else "letters"] == 24
    assert figures["notes"] == ["The numbers of the letters start at 1: 1 is А."]


@pytest.mark.django_db
def test_inspect_tells_letters_least_and_most_and_what_was_assumed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    contents = {f"{number}/{place}.png": b"" for number in range(1, 34) for place in range(number)}
    path = str(making.write_zip(tmp_path / "numbers.zip", contents))

    call_command("import_dataset", path, "--inspect")
    told = capsys.readouterr().out
    assert "found: 33 letters, the first is А, the last Я; pictures of a letter: 1 to 33" in told
    assert "The numbers of the letters start at 1: 1 is А." in told

    call_command("import_dataset", path, "--inspect", "--json")
    figures = printed(capsys)
    assert (figures["found_letters"][:2], figures["least"], figures["most"], figures["questions"]) == ("АБ", 1, 33, [])
