"""What is found in an archive before it is imported."""

from pathlib import Path

import pytest

from tests.training.datasets import making
from training.datasets.archives import open_archive
from training.datasets.content.class_set import CLASS_SETS
from training.datasets.errors import ArchiveError
from training.datasets.imports.inspection import LISTED, class_set_of, inspect_archive
from training.datasets.imports.pipeline import import_archive
from training.datasets.layouts import Choice, find_plan
from training.datasets.models import Dataset

pytestmark = pytest.mark.django_db
TABLE = ("file,Russian,class42,split,writer", "1.png,0,0,train,a", "2.png,1,2,test,b", "3.png,-1,41,train,b")


def with_table(path: Path) -> Path:
    """An archive with a table of two columns of labels."""
    contents = {f"set/{number}.png": making.png(number) for number in range(1, 4)}
    return making.write_zip(path, {"set/info.csv": "\n".join(TABLE).encode(), "set/9.png": b"", **contents})


def test_table_is_shown_with_columns_splits_writers_and_class_sets(tmp_path: Path) -> None:
    found = inspect_archive(with_table(tmp_path / "a.zip"))

    assert (found.layout, found.pictures, found.set_aside_by_label) == ("table", 2, {"-1": 1})
    assert {letter: count for letter, count in found.counts.items() if count} == {"А": 1, "Б": 1}
    assert found.splits == {"train": 1, "validation": 0, "test": 1}
    assert found.columns is not None
    assert (found.columns.labels, found.writers) == ("russian", 2)
    assert "class42" not in [offer.column for offer in found.offered]
    assert found.header == ["file", "russian", "class42", "split", "writer"]
    assert found.class_sets == {"russian": 2, "all": 3}
    assert (found.faults, found.first_faults) == (1, [["set/9.png", "not in the table"]])


@pytest.mark.parametrize("column", ["", "class42", "russian"])
def test_table_without_faults_tells_other_class_sets_by_itself(tmp_path: Path, column: str) -> None:
    contents = {f"set/{number}.png": b"" for number in range(1, 4)}
    path = making.write_zip(tmp_path / "a.zip", {"set/info.csv": "\n".join(TABLE).encode(), **contents})
    choice = Choice(labels=column)
    with open_archive(path) as archive:
        plan = find_plan(archive, choice=choice)
        looked = {key: len(find_plan(archive, letters, choice).places) for key, letters in CLASS_SETS.items()}

    assert plan.count is not None
    assert {key: plan.count(letters) for key, letters in CLASS_SETS.items()} == looked
    assert inspect_archive(path, choice=choice).class_sets == looked


def test_another_column_is_looked_at(tmp_path: Path) -> None:
    found = inspect_archive(with_table(tmp_path / "a.zip"), choice=Choice(labels="class42", groups="none"))

    assert {letter: count for letter, count in found.counts.items() if count} == {"А": 1, "В": 1}
    assert found.writers == 0


def test_class_set_that_the_archive_lists_is_offered(tmp_path: Path) -> None:
    path = making.write_zip(tmp_path / "a.zip", {**making.folders(), "letters.txt": "АБВ".encode()})

    found = inspect_archive(path)

    assert (found.letters, found.class_sets) == ("АБВ", {LISTED: 24, "russian": 24, "all": 24})
    assert class_set_of(LISTED, path) == "АБВ"
    assert len(class_set_of("all", path)) == 42


def test_same_bytes_are_recognised(archive: Path, dataset: Dataset) -> None:
    assert inspect_archive(archive, letters=making.LETTERS).known_as == "letters"
    assert inspect_archive(archive).known_as == ""


def test_what_is_found_is_what_is_imported(archive: Path) -> None:
    found = inspect_archive(archive)

    dataset = import_archive(archive, name="a")

    assert found.pictures == dataset.report["letters"]
    totals = [sum(column) for column in zip(*dataset.report["counts"].values(), strict=True)]
    assert list(found.counts.values()) == totals


def test_bad_archive_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="No known letters"):
        inspect_archive(making.write_zip(tmp_path / "a.zip", {"cats/1.png": making.png(1)}))
