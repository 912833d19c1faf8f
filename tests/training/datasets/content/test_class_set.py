"""Class sets by name and from a file."""

from pathlib import Path

import pytest

from recognizer.core.alphabet import KAZAKH, RUSSIAN
from training.datasets.content.class_set import class_set, label_of
from training.datasets.errors import DatasetError


def test_named_class_sets() -> None:
    assert class_set("russian") == RUSSIAN
    assert class_set("all") == KAZAKH
    assert len(set(KAZAKH)) == 42
    assert "".join(letter for letter in KAZAKH if letter in RUSSIAN) == RUSSIAN


@pytest.mark.parametrize("text", ["АБЁ", "А Б Ё", "А\nБ\r\nЁ\n", "\ufeffА, Б, Е\u0308"])
def test_class_set_from_a_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "letters.txt"
    path.write_text(text, encoding="utf-8")

    assert class_set(str(path)) == "АБЁ"


BAD = {
    "twice": ("АБА".encode(), "has the letter А twice"),
    "one": ("А".encode(), "2 to 250 different letters"),
    "empty": (b"", "2 to 250 different letters"),
    "too many": ("".join(map(chr, range(0x4E00, 0x4E00 + 300))).encode(), "2 to 250 different letters"),
    "control": ("А\0".encode(), "2 to 250 different letters"),
    "no UTF-8": ("АБВ".encode("cp1251"), "is not UTF-8 text"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_class_set_is_refused(case: str, tmp_path: Path) -> None:
    content, words = BAD[case]
    path = tmp_path / "letters.txt"
    path.write_bytes(content)

    with pytest.raises(DatasetError, match=words):
        class_set(str(path))


@pytest.mark.parametrize("choice", ["", "nothing", "a\0b", "."])
def test_neither_name_nor_file(choice: str) -> None:
    with pytest.raises(DatasetError, match=r"neither a class set \(russian, all\) nor a text file"):
        class_set(choice)


def test_small_and_large_letters_may_be_two_classes() -> None:
    assert [label_of(text, "Аа") for text in "Аа"] == [0, 1]
    assert label_of("а", "АБ") == 0
