"""Archives as they come: read right, or refused in a line that says what could not be told; never silently wrong."""

import gzip
import io
import unicodedata
from collections import Counter
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest

from recognizer.core.alphabet import KAZAKH, RUSSIAN
from recognizer.pictures import decode
from tests.training.datasets import making
from training.datasets.archives import open_archive
from training.datasets.errors import ArchiveError
from training.datasets.imports.pipeline import import_archive
from training.datasets.layouts import Choice, Plan, find_plan

TWICE = range(2)


def plan_of(path: Path, letters: str = RUSSIAN, choice: Choice | None = None) -> Plan:
    """Plan an archive."""
    choice = choice or Choice()
    with open_archive(path, encoding=choice.encoding) as archive:
        return find_plan(archive, letters, choice)


def zipped(tmp_path: Path, contents: dict[str, bytes]) -> Path:
    """Write a zip."""
    return making.write_zip(tmp_path / "a.zip", contents)


def in_folders(names: list[str]) -> dict[str, bytes]:
    """Two pictures in each folder; their names tell which folder it is."""
    return {f"{name}/{number}-{place}.png": b"" for place, name in enumerate(names) for number in TWICE}


def read(plan: Plan) -> dict[int, str]:
    """The letter of each folder's or row's number, which stands behind the dash in the names of its pictures."""
    found = {int(name.rsplit("-", 1)[1][:-4]): plan.letters[place.label] for name, place in plan.places.items()}
    assert len(plan.places) == 2 * len(found)
    return found


ALL = dict(enumerate(RUSSIAN))
LATIN = str.maketrans("АВСЕНКМОРТХУ", "ABCEHKMOPTXY")

FOLDERS: dict[str, tuple[list[str], str]] = {
    "from 1": ([str(number) for number in range(1, 34)], "from_one"),
    "from 01": ([f"{number:02d}" for number in range(1, 34)], "from_one"),
    "s01": ([f"s{number:02d}" for number in range(1, 34)], "from_one"),
    "c0": ([f"c{number}" for number in range(33)], "prefix"),
    "class_0": ([f"class_{number}" for number in range(33)], "prefix"),
    "Latin letters that look Cyrillic": (list(RUSSIAN.translate(LATIN)), "look_alikes"),
    "escaped by unzip": ([f"#U{ord(letter):04x}" for letter in RUSSIAN], ""),
    "decomposed": ([unicodedata.normalize("NFD", letter) for letter in RUSSIAN], ""),
}


@pytest.mark.parametrize("case", FOLDERS)
def test_folders_of_every_kind_mean_their_letters(case: str, tmp_path: Path) -> None:
    names, note = FOLDERS[case]

    plan = plan_of(zipped(tmp_path, in_folders(names)))

    assert read(plan) == ALL
    assert not plan.questions
    assert not note or note in {each.key for each in plan.notes}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("numbers", "letters", "first"),
    [
        (range(5, 20), RUSSIAN, "1"),
        (range(32), RUSSIAN, "0"),
        (range(1, 33), RUSSIAN, "1"),
        (range(42), RUSSIAN, "0"),
    ],
)
def test_numbers_that_do_not_tell_are_asked_about(
    numbers: range, letters: str, first: str, tmp_path: Path, var: Path
) -> None:
    path = zipped(tmp_path, in_folders([str(number) for number in numbers]))

    with pytest.raises(ArchiveError, match=r"^The letters are numbered .*--numbers-from 0 or --numbers-from 1\.$"):
        import_archive(path, name="asked", letters=letters)

    plan = plan_of(path, letters, Choice(numbers_from=first))
    known = [number for number in numbers if number - int(first) < len(letters)]
    assert read(plan) == {number - numbers[0]: letters[number - int(first)] for number in known}
    assert [question.answer for question in plan.questions] == [first]


def test_numbers_of_the_russian_letters_are_not_indices_of_the_kazakh_alphabet(tmp_path: Path) -> None:
    plan = plan_of(zipped(tmp_path, in_folders([str(number) for number in range(33)])), KAZAKH)

    assert read(plan) == ALL


def test_numbers_of_an_archive_that_lists_its_letters_are_indices_in_them(tmp_path: Path) -> None:
    contents = {"letters.txt": KAZAKH.encode(), **in_folders(["0", "1", "5", "41"])}

    assert read(plan_of(zipped(tmp_path, contents))) == {0: "А", 3: "Я"}
    assert read(plan_of(zipped(tmp_path, contents), KAZAKH)) == {0: "А", 1: "Ә", 2: "Ғ", 3: "Я"}


def test_writers_folders_below_the_letters_are_writers(tmp_path: Path) -> None:
    contents = {
        f"{letter}/{writer}/{writer}-{place}.png": b"" for place, letter in enumerate("АБВ") for writer in (1, 2)
    }

    plan = plan_of(zipped(tmp_path, contents))

    assert read(plan) == {0: "А", 1: "Б", 2: "В"}
    assert plan.groups == 2


def test_a_stray_number_among_letters_is_set_aside_with_a_note(tmp_path: Path) -> None:
    plan = plan_of(zipped(tmp_path, in_folders(["А", "Б", "3"])))

    assert read(plan) == {0: "А", 1: "Б"}
    assert plan.set_aside == {"3": 2}
    assert [note.in_words() for note in plan.notes] == ["Labels of two kinds, letters and numbers: “3” were set aside."]


def test_single_latin_letters_are_asked_about_where_sound_and_shape_differ(tmp_path: Path) -> None:
    path = zipped(tmp_path, in_folders(["A", "B", "C"]))

    assert plan_of(path).questions[0].in_words().endswith("Answer with --latin sound or --latin shape.")
    assert read(plan_of(path, choice=Choice(latin="sound"))) == {0: "А", 1: "Б", 2: "Ц"}
    assert read(plan_of(path, choice=Choice(latin="shape"))) == {0: "А", 1: "В", 2: "С"}


def table_of(paths: list[str], labels: list[str], *, header: str = "file,letter", separator: str = ",") -> str:
    """A CSV of paths and labels."""
    rows = [header.replace(",", separator), *map(separator.join, zip(paths, labels, strict=True))]
    return "\r\n".join(rows) + "\r\n"


FILES = [f"{number + 7}/{place:03d}x{number}-{place}.png" for place in range(33) for number in TWICE]
LABELS = [letter for letter in RUSSIAN for _number in TWICE]

PATHS = {
    "a folder above": lambda path: f"dataset/{path}",
    "absolute, Unix": lambda path: f"/home/anna/data/{path}",
    "absolute, Windows": lambda path: "C:\\Users\\anna\\" + path.replace("/", "\\"),
    "another case": lambda path: path.upper(),
    "without the ending": lambda path: path.removesuffix(".png"),
    "URL": lambda path: quote(f"мои буквы/{path}"),
    "only the last name": lambda path: path.rpartition("/")[2],
    "spaces": lambda path: f" ./{path} ",
}


@pytest.mark.parametrize("case", PATHS)
def test_paths_of_a_table_are_matched_by_their_common_ending(case: str, tmp_path: Path) -> None:
    paths = [PATHS[case](name) for name in FILES]
    contents = {**dict.fromkeys(FILES, b""), "labels.csv": table_of(paths, LABELS).encode()}

    plan = plan_of(zipped(tmp_path, contents))

    assert plan.layout == "table"
    assert read(plan) == ALL
    assert plan.groups == 2, "folders are the writers"
    assert not plan.faults


TEXTS = {
    "cp866": lambda text: text.lower().encode("cp866"),
    "cp1251": lambda text: text.lower().encode("cp1251"),
    "KOI8-R": lambda text: text.encode("koi8-r"),
    "KOI8-R, small": lambda text: text.lower().encode("koi8-r"),
    "mac-cyrillic": lambda text: text.lower().encode("mac-cyrillic"),
    "decomposed": lambda text: unicodedata.normalize("NFD", text).encode(),
    "gzipped": lambda text: gzip.compress(text.encode()),
}


@pytest.mark.parametrize("case", TEXTS)
def test_tables_in_every_encoding(case: str, tmp_path: Path) -> None:
    data = TEXTS[case](table_of(FILES, LABELS))
    name = "labels.csv.gz" if case == "gzipped" else "labels.csv"

    assert read(plan_of(zipped(tmp_path, {**dict.fromkeys(FILES, b""), name: data}))) == ALL


FORMS = {
    "3.0": table_of(FILES, [f"{RUSSIAN.index(letter)}.0" for letter in LABELS]),
    "from 1": table_of(FILES, [str(RUSSIAN.index(letter) + 1) for letter in LABELS], header="file,label"),
    "Excel": "sep=;\r\n" + table_of(FILES, LABELS, separator=";"),
    "header in Russian": table_of(FILES, [str(RUSSIAN.index(letter)) for letter in LABELS], header="Файл,Класс"),
    "no header": table_of(FILES, LABELS).split("\r\n", 1)[1],
}


@pytest.mark.parametrize("case", FORMS)
def test_tables_in_every_form(case: str, tmp_path: Path) -> None:
    contents = {**dict.fromkeys(FILES, b""), "labels.csv": FORMS[case].encode()}

    assert read(plan_of(zipped(tmp_path, contents))) == ALL


def test_encodings_that_fit_alike_and_give_other_letters_are_asked_about(tmp_path: Path) -> None:
    letters = [letter for letter in LABELS if letter != "Ё"]
    files = [name for name, letter in zip(FILES, LABELS, strict=True) if letter != "Ё"]
    path = zipped(
        tmp_path, {**dict.fromkeys(files, b""), "labels.csv": table_of(files, letters).lower().encode("cp1251")}
    )

    question = plan_of(path).questions[0]
    assert set(question.answers) == {"cp1251", "koi8-r"}
    assert "--encoding cp1251" in question.in_words()
    plan = plan_of(path, choice=Choice(encoding="cp1251"))
    assert read(plan) == {place: letter for place, letter in ALL.items() if letter != "Ё"}
    assert [each.answer for each in plan.questions] == ["cp1251"]


def test_a_row_that_may_mean_two_files_is_given_to_none(tmp_path: Path) -> None:
    contents = {"1/7.png": b"", "2/7.png": b"", "1/8.png": b"", "t.csv": "file,letter\n7.png,А\n8.png,Б\n".encode()}

    plan = plan_of(zipped(tmp_path, contents))

    assert {name: plan.letters[place.label] for name, place in plan.places.items()} == {"1/8.png": "Б"}
    assert {fault.name for fault in plan.faults} == {"1/7.png", "2/7.png", "7.png"}


def test_a_row_of_another_writers_picture_is_not_taken(tmp_path: Path) -> None:
    rows = "file,letter\n7/1.png,А\n7/2.png,Б\n8/3.png,В\n"
    contents = {"7/1.png": b"", "7/2.png": b"", "7/3.png": b"", "t.csv": rows.encode()}

    assert sorted(plan_of(zipped(tmp_path, contents)).places) == ["7/1.png", "7/2.png"]


def test_a_table_that_names_no_file_is_said_and_never_passed_over(tmp_path: Path) -> None:
    table = table_of([f"scan{number}.tif" for number in range(66)], LABELS).encode()
    path = zipped(tmp_path, {**in_folders([str(number) for number in range(33)]), "labels.csv": table})

    question = plan_of(path).questions[0]
    assert question.in_words() == (
        "The table labels.csv names no file of the archive: it has “scan0.tif”, the archive “0/0-0.png”. "
        "Answer with --labels-from folders."
    )
    assert read(plan_of(path, choice=Choice(labels_from="folders"))) == ALL

    nothing_else = zipped(tmp_path, {"x.png": b"", "labels.csv": table})
    with pytest.raises(
        ArchiveError, match=r"^No known letters were found\. The table labels\.csv names no file of the archive"
    ):
        plan_of(nothing_else)


def test_a_table_of_no_use_beside_folders_of_letters_is_said(tmp_path: Path) -> None:
    contents = in_folders(["А", "Б"])
    for table, words in (
        ("file,letter\nx.png,А\n", "The table t.csv names no file of the archive: it has “x.png”"),
        ("file,width\n" + "".join(f"{name},28\n" for name in contents), "which of its columns (file, width) has"),
    ):
        plan = plan_of(zipped(tmp_path, {**contents, "t.csv": table.encode()}))
        assert read(plan) == {0: "А", 1: "Б"}
        assert not plan.questions
        assert words in plan.notes[0].in_words()


def test_a_table_whose_letters_are_not_found_does_not_make_writers_letters(tmp_path: Path) -> None:
    rows = "".join(f"{name},{RUSSIAN.index(letter)}\n" for name, letter in zip(FILES, LABELS, strict=True))
    path = zipped(tmp_path, {**dict.fromkeys(FILES, b""), "t.csv": f"file,gt\n{rows}".encode()})

    assert (
        "which of its columns (file, gt) has the letters is not known: choose it (--labels)"
        in plan_of(path).questions[0].text
    )
    assert read(plan_of(path, choice=Choice(labels="gt"))) == ALL


def test_folders_that_contradict_a_table_are_asked_about(tmp_path: Path) -> None:
    contents = in_folders(["А", "Б"])
    path = zipped(tmp_path, {**contents, "labels.csv": table_of([*contents], ["Б", "Б", "А", "Б"]).encode()})

    assert "contradicts 3 folders" in plan_of(path).questions[0].text
    assert read(plan_of(path, choice=Choice(labels_from="folders"))) == {0: "А", 1: "Б"}
    by_table = plan_of(path, choice=Choice(labels_from="table"))
    assert Counter(place.label for place in by_table.places.values()) == {1: 3, 0: 1}


IMAGES = np.stack([decode(making.png(number, side=8)) for number in range(66)])
ROWS = [[str(value) for value in image.ravel()] for image in IMAGES]
NUMBERS = [str(number // 2) for number in range(66)]


def pixels(rows: list[list[str]], separator: str = ",") -> bytes:
    """A CSV."""
    return "\n".join(separator.join(row) for row in rows).encode()


WITH_LABELS = [[label, *row] for label, row in zip(NUMBERS, ROWS, strict=True)]
PIXELS = {
    "numbers as the header": pixels([[str(number) for number in range(65)], *WITH_LABELS]),
    "numbers as pandas writes them": pixels([["0", *(f"0.{number}" for number in range(1, 65))], *WITH_LABELS]),
    "rows counted": pixels([[str(number), *row] for number, row in enumerate(WITH_LABELS)]),
    "rows counted, with a header": pixels(
        [
            ["", "label", *(f"p{number}" for number in range(64))],
            *([str(number), *row] for number, row in enumerate(WITH_LABELS)),
        ]
    ),
    "decimal commas": pixels([[row[0], *(f"{value},0" for value in row[1:])] for row in WITH_LABELS], ";"),
    "labels 3.0": pixels([[f"{row[0]}.0", *row[1:]] for row in WITH_LABELS]),
    "from 1": pixels([[str(int(row[0]) + 1), *row[1:]] for row in WITH_LABELS]),
}


@pytest.mark.parametrize("zipped_too", [False, True])
@pytest.mark.parametrize("case", PIXELS)
def test_csv_of_pixels_of_every_kind(case: str, zipped_too: bool, tmp_path: Path) -> None:
    path = tmp_path / ("pixels.csv.gz" if zipped_too else "pixels.csv")
    path.write_bytes(gzip.compress(PIXELS[case]) if zipped_too else PIXELS[case])

    with open_archive(path) as archive:
        plan = find_plan(archive, RUSSIAN)
        pictures = [decode(content.data) for content in plan.archive.read(plan.places.__contains__)]

    assert [place.label for place in plan.places.values()] == [number // 2 for number in range(66)]
    assert np.array_equal(np.stack(pictures), IMAGES)


def npz(**arrays: object) -> bytes:
    """An npz."""
    file = io.BytesIO()
    np.savez(file, **arrays)  # type: ignore[arg-type]
    return file.getvalue()


def idx(values: np.ndarray) -> bytes:
    """An IDX file."""
    head = np.array([0x800 + values.ndim, *values.shape], dtype=">u4").tobytes()
    return head + values.astype(np.uint8).tobytes()


def test_arrays_and_idx_that_number_the_letters_from_1(tmp_path: Path) -> None:
    labels = np.arange(66) // 2 + 1
    (tmp_path / "a.npz").write_bytes(
        npz(x_train=IMAGES[::2], y_train=labels[::2], x_test=IMAGES[1::2], y_test=labels[1::2].astype(float))
    )
    halves = {"train": slice(0, 50), "test": slice(50, 66)}
    files = {f"{split}-images-idx3-ubyte": idx(IMAGES[half]) for split, half in halves.items()}
    files |= {f"{split}-labels-idx1-ubyte": idx(labels[half]) for split, half in halves.items()}

    for path in (tmp_path / "a.npz", zipped(tmp_path, files)):
        plan = plan_of(path)
        assert sorted(place.label for place in plan.places.values()) == [number // 2 for number in range(66)]
        assert "from_one" in {note.key for note in plan.notes}
