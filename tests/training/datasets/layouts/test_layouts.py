"""Layouts are found by looking."""

import unicodedata
from pathlib import Path

import pytest

from recognizer.core.alphabet import KAZAKH, RUSSIAN
from tests.training.datasets import making
from training.datasets.archives import open_archive
from training.datasets.content.class_set import label_of
from training.datasets.content.splitting import Split
from training.datasets.errors import ArchiveError
from training.datasets.layouts import Choice, Fault, Place, Plan, find_plan
from training.datasets.layouts.column_detection import Columns
from training.datasets.layouts.latin_names import latin_labels

CSV = """filename,unbalanced42class,Russian,split
a.png,5,0,train
b.png,6,2,test
c.png,40,-1,train
d.png,7,1,validation
gone.png,7,1,train
"""

TRANSLITERATED = "a b v g d e yo zh z i j k l m n o p r s t u f kh ts ch sh shch hard y soft eh yu ya"


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


CSV42 = """filename,unbalanced42class,Russian,split
a.png,0,0,train
b.png,1,-1,test
c.png,41,32,train
"""


@pytest.mark.parametrize(
    ("letters", "column", "labels", "aside"),
    [(RUSSIAN, "russian", [0, 32], {"-1": 1}), (KAZAKH, "unbalanced42class", [0, 1, 41], {})],
)
def test_column_of_numbers_that_ends_with_the_class_set_is_taken(
    tmp_path: Path, letters: str, column: str, labels: list[int], aside: dict[str, int]
) -> None:
    contents = {**{f"all/{name}.png": b"" for name in "abc"}, "info.csv": CSV42.encode()}

    plan = plan_of(tmp_path, contents, letters)

    assert plan.columns == Columns("filename", column, "split")
    assert [place.label for place in plan.places.values()] == labels
    assert plan.set_aside == aside


def test_every_column_that_could_be_the_labels_is_offered(tmp_path: Path) -> None:
    table = "file,letter,second,age\n1.png,А,Б,1\n2.png,Б,Б,2\n3.png,В,Ю,70\n"
    contents = {**{f"{number}.png": b"" for number in (1, 2, 3)}, "t.csv": table.encode()}

    with open_archive(making.write_zip(tmp_path / "a.zip", contents)) as archive:
        plan = find_plan(archive, making.LETTERS)
        second = find_plan(archive, making.LETTERS, Choice(labels="Second"))

    assert [(offer.column, offer.known) for offer in plan.offered] == [("letter", 3), ("second", 2)]
    assert [place.label for place in plan.places.values()] == [0, 1, 2]
    assert [place.label for place in second.places.values()] == [1, 1]
    assert second.set_aside == {"Ю": 1}


def test_columns_of_files_and_splits_are_known_by_what_is_in_them(tmp_path: Path) -> None:
    table = "what;letter;used for;writer\none/1.png;А;train;7\ntwo/2.png;Б;test;8\n"

    plan = plan_of(tmp_path, {"one/1.png": b"", "two/2.png": b"", "t.csv": table.encode("utf-16")})

    assert plan.columns == Columns("what", "letter", "used for", "writer")
    assert plan.places == {
        "one/1.png": Place(0, Split.TRAIN, "7"),
        "two/2.png": Place(1, Split.TEST, "8"),
    }
    assert plan.groups == 2


def test_table_of_an_older_windows_is_read(tmp_path: Path) -> None:
    table = "файл;letter\n1.png;Б\n".encode("cp1251")

    plan = plan_of(tmp_path, {"1.png": b"", "t.csv": table})

    assert plan.places == {"1.png": Place(1, None)}


@pytest.mark.parametrize("choice", [Choice(labels="x"), Choice(files="x"), Choice(groups="x")])
def test_column_that_is_not_there_is_named_with_those_that_are(tmp_path: Path, choice: Choice) -> None:
    path = making.write_zip(tmp_path / "a.zip", {"1.png": b"", "t.csv": b"file,letter\n1.png,1\n"})

    with (
        open_archive(path) as archive,
        pytest.raises(ArchiveError, match=r"t\.csv cannot be used: it has no column “x”, only file, letter\."),
    ):
        find_plan(archive, making.LETTERS, choice)


@pytest.mark.parametrize(
    "names", [("A", "be", "V"), ("A", "BE", "VE"), ("a", "b", "v", "x1"), ("cyrillic_a", "be", "ve")]
)
def test_folders_with_latin_names(tmp_path: Path, names: tuple[str, ...]) -> None:
    plan = plan_of(tmp_path, {f"{name}/1.png": b"" for name in names})

    assert [(name.split("/")[0], place.label) for name, place in plan.places.items()] == [
        (name, label) for label, name in enumerate(names) if label < 3 and name != "cyrillic_a"
    ]


def test_latin_names_of_all_letters() -> None:
    unicode_names = [unicodedata.name(letter).removeprefix("CYRILLIC CAPITAL LETTER ") for letter in KAZAKH]
    words = TRANSLITERATED.split()

    assert latin_labels(unicode_names, KAZAKH) == {name: label for label, name in enumerate(unicode_names)}
    assert latin_labels(words, RUSSIAN) == {name: label for label, name in enumerate(words)}
    assert latin_labels(["cats", "dogs", "a"], RUSSIAN) == {}
    assert latin_labels(["h", "kh", "a"], RUSSIAN) == {}


def test_archive_that_lists_its_class_set_is_read_by_it(tmp_path: Path) -> None:
    contents = {"letters.txt": "Я Ю\nЭ".encode(), "Ю/1.png": b"", "0/1.png": b"", "А/1.png": b""}

    plan = plan_of(tmp_path, contents, letters="")

    assert plan.letters == "ЯЮЭ"
    assert plan.places == {"Ю/1.png": Place(1, None), "0/1.png": Place(0, None)}
    assert plan_of(tmp_path, {**contents, "letters.txt": b"\xff"}, letters="").letters == RUSSIAN


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


def test_numbered_folders_and_splits(tmp_path: Path) -> None:
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


def several_tables(path: Path, tables: dict[str, str]) -> Path:
    """An archive with three pictures and several tables."""
    contents = {f"allbi/{number}.png": making.png(number) for number in range(3)}
    return making.write_zip(path, {**{name: text.encode() for name, text in tables.items()}, **contents})


@pytest.mark.parametrize(("letters", "labels"), [("АБВ", [2, 1, 0]), ("АБВГД", [4, 3, 0])])
def test_of_several_tables_the_one_that_fits_the_class_set_is_taken(
    letters: str, labels: list[int], tmp_path: Path
) -> None:
    tables = {
        "Balanced.csv": "file,label\n0.png,4\n1.png,3\n2.png,0",
        "Other.csv": "a,b\n1,2",
        "Russian.csv": "file,label\n0.png,2\n1.png,1\n2.png,0",
    }
    with open_archive(several_tables(tmp_path / "a.zip", tables)) as archive:
        plan = find_plan(archive, letters)

    assert [plan.places[f"allbi/{number}.png"].label for number in range(3)] == labels


def test_table_for_each_split_is_one_table(tmp_path: Path) -> None:
    tables = {
        "labels_test.csv": "file,letter\n2.png,В",
        "labels_train.csv": "file,letter\n0.png,А\n1.png,Б",
    }
    with open_archive(several_tables(tmp_path / "a.zip", tables)) as archive:
        plan = find_plan(archive, making.LETTERS)

    found = [plan.places[f"allbi/{number}.png"] for number in range(3)]
    assert [(place.label, place.split) for place in found] == [(0, Split.TRAIN), (1, Split.TRAIN), (2, Split.TEST)]
    assert plan.faults == ()


def test_several_rows_for_one_file_are_reported_with_the_one_that_counts(tmp_path: Path) -> None:
    table = "file,letter\n1.png,А\n2.png,Б\n1.png,В\n./1.png,Б\n"

    plan = plan_of(tmp_path, {"1.png": b"", "2.png": b"", "t.csv": table.encode()})

    assert plan.places == {"1.png": Place(1, None), "2.png": Place(1, None)}
    assert plan.faults == (
        Fault("1.png (kept: row 5 of t.csv)", "the table has several rows for it; the last one counts"),
    )


def test_a_file_named_by_the_tables_of_two_splits_is_reported(tmp_path: Path) -> None:
    tables = {
        "labels_train.csv": "file,letter\n0.png,А\n1.png,Б\n2.png,В",
        "labels_test.csv": "file,letter\n2.png,Б",
    }
    with open_archive(several_tables(tmp_path / "a.zip", tables)) as archive:
        plan = find_plan(archive, making.LETTERS)

    assert (plan.places["allbi/2.png"].label, plan.places["allbi/2.png"].split) == (1, Split.TEST)
    assert [fault.name for fault in plan.faults] == ["2.png (kept: labels_test.csv)"]


def test_unusable_table_beside_a_good_one_does_not_matter(tmp_path: Path) -> None:
    tables = {"a.csv": 'file,letter\n"0.png,А', "b.csv": "file,letter\n0.png,А\n1.png,Б\n2.png,В"}
    with open_archive(several_tables(tmp_path / "a.zip", tables)) as archive:
        assert len(find_plan(archive, making.LETTERS).places) == 3
