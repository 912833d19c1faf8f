"""Layouts are found by looking."""

from pathlib import Path

from tests.training.datasets import making
from training.datasets.archives import open_archive
from training.datasets.classes import label_of
from training.datasets.layouts import Fault, Place, Plan, find_plan
from training.datasets.splitting import Split

CSV = """filename,unbalanced42class,Russian,split
a.png,5,0,train
b.png,6,2,test
c.png,40,-1,train
d.png,7,1,validation
gone.png,7,1,train
"""


def plan_of(tmp_path: Path, contents: dict[str, bytes], letters: str = making.LETTERS) -> Plan:
    """Plan a zip of these contents."""
    with open_archive(making.write_zip(tmp_path / "a.zip", contents)) as archive:
        return find_plan(archive, letters)


def test_labels_are_letters_or_numbers() -> None:
    assert [label_of(text, "АБЁ") for text in ("А", "б", " Ё ", "2", "02")] == [0, 1, 2, 2, 2]
    assert [label_of(text, "АБЁ") for text in ("", "-1", "3", "АБ", "A", "²", "9" * 5000)] == [None] * 7


def test_flat_folder_with_a_table(tmp_path: Path) -> None:
    pictures = {f"set/all/{name}.png": b"" for name in "abcde"}

    plan = plan_of(tmp_path, {**pictures, "set/info.csv": CSV.encode(), "set/readme.txt": b""})

    assert plan.layout == "table"
    assert plan.places == {
        "set/all/a.png": Place(0, Split.TRAIN),
        "set/all/b.png": Place(2, Split.TEST),
        "set/all/d.png": Place(1, Split.VALIDATION),
    }
    assert plan.is_split
    assert plan.set_aside == {"-1": 1}
    assert plan.other_files == 2
    assert plan.faults == (
        Fault("set/all/e.png", "not in the table"),
        Fault("gone.png", "in the table, but not in the archive"),
    )


def test_table_with_a_byte_order_mark_paths_letters_and_quotes(tmp_path: Path) -> None:
    table = '\ufeffPath,Letter\r\n"one/1.png","Б"\r\ntwo\\1.png,В\r\n\r\n'

    plan = plan_of(tmp_path, {"one/1.png": b"", "two/1.png": b"", "labels.CSV": table.encode()})

    assert plan.places == {"one/1.png": Place(1, None), "two/1.png": Place(2, None)}
    assert not plan.is_split


def test_folder_for_each_letter(tmp_path: Path) -> None:
    contents = {
        "Cyrillic/А/1.png": b"",
        "Cyrillic/б/1.jpg": b"",
        "Cyrillic/Z/1.png": b"",
        "about.txt": b"",
        "x.png": b"",
    }

    plan = plan_of(tmp_path, contents)

    assert plan.layout == "folders"
    assert plan.places == {"Cyrillic/А/1.png": Place(0, None), "Cyrillic/б/1.jpg": Place(1, None)}
    assert plan.set_aside == {"Z": 1, "": 1}
    assert plan.other_files == 1


def test_numbered_folders_and_parts(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, {"train/0/1.png": b"", "val/2/1.png": b"", "Test/1/1.png": b"", "train/3/1.png": b""})

    assert plan.places == {
        "train/0/1.png": Place(0, Split.TRAIN),
        "val/2/1.png": Place(2, Split.VALIDATION),
        "Test/1/1.png": Place(1, Split.TEST),
    }
    assert plan.set_aside == {"3": 1}


def test_table_of_something_else_does_not_hide_the_folders(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, {"А/1.png": b"", "writers.csv": b"writer,age\n1,30\n"})

    assert plan.layout == "folders"
    assert list(plan.places) == ["А/1.png"]


def test_what_systems_strew_is_overlooked(tmp_path: Path) -> None:
    strewn = {"__MACOSX/А/._1.png": b"", "А/.DS_Store": b"", "А/Thumbs.db": b"", "А/._1.png": b""}

    plan = plan_of(tmp_path, {"А/1.png": b"", **strewn})

    assert list(plan.places) == ["А/1.png"]
    assert (plan.set_aside, plan.other_files, plan.faults) == ({}, 0, ())


def test_another_class_set_takes_other_letters(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, {"Ә/1.png": b"", "А/1.png": b""}, letters="ҚӘ")

    assert plan.places == {"Ә/1.png": Place(1, None)}
    assert plan.set_aside == {"А": 1}
