"""Names of files in archives: encodings weighed, Unicode where it is written, backslashes, broken names."""

import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from recognizer.core.alphabet import RUSSIAN
from tests.training.datasets import making
from training.datasets.archives import open_archive
from training.datasets.errors import ArchiveError
from training.datasets.layouts import Choice, find_plan

PLACES = "abcdefghijklmnopqrstuvwxyz0123456789"


def raw_zip(path: Path, names: dict[bytes, bytes], *, extra: dict[bytes, bytes] | None = None, flag: int = 0) -> Path:
    """Write a zip whose names are just these bytes."""
    plain = {f"{number:0{len(name)}d}"[-len(name) :]: name for number, name in enumerate(names, 1)}
    assert len(plain) == len(names)
    with zipfile.ZipFile(path, "w") as archive:
        for short, name in plain.items():
            info = zipfile.ZipInfo(short)
            info.extra = (extra or {}).get(name, b"")
            archive.writestr(info, names[name])
    data = path.read_bytes()
    for short, name in plain.items():
        for signature, place in ((b"PK\x03\x04", 30), (b"PK\x01\x02", 46)):
            start = data.find(signature)
            while start >= 0:
                if data[start + place : start + place + len(name)] == short.encode():
                    data = data[: start + place] + name + data[start + place + len(name) :]
                    flags = start + (6 if place == 30 else 8)
                    data = data[:flags] + struct.pack("<H", flag) + data[flags + 2 :]
                start = data.find(signature, start + 4)
    path.write_bytes(data)
    return path


def letters_in(path: Path, choice: Choice | None = None) -> str:
    """The letters that the folders of an archive mean, in the order of the files' names."""
    choice = choice or Choice()
    with open_archive(path, encoding=choice.encoding) as archive:
        plan = find_plan(archive, RUSSIAN, choice)
    numbers = sorted((int(name.rsplit("/", 1)[1][:-4]), place.label) for name, place in plan.places.items())
    assert [number for number, _label in numbers] == [*range(1000, 1000 + len(numbers))]
    return "".join(RUSSIAN[label] for _number, label in numbers)


def named(letters: str, encoding: str, separator: bytes = b"/") -> dict[bytes, bytes]:
    """A picture in a folder for each letter."""
    return {
        letter.encode(encoding) + separator + f"{number}.png".encode(): b""
        for number, letter in enumerate(letters, 1000)
    }


@pytest.mark.parametrize("small", [False, True])
@pytest.mark.parametrize("encoding", ["utf-8", "cp866", "cp1251", "koi8-r", "mac-cyrillic"])
def test_names_are_read_in_the_encoding_that_gives_the_most_letters(encoding: str, small: bool, tmp_path: Path) -> None:
    letters = RUSSIAN.lower() if small else RUSSIAN

    assert letters_in(raw_zip(tmp_path / "a.zip", named(letters, encoding))) == RUSSIAN


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r"])
def test_encodings_that_fit_alike_are_asked_about(encoding: str, tmp_path: Path) -> None:
    letters = RUSSIAN.replace("Ё", "")
    written = letters.lower() if encoding == "cp1251" else letters
    path = raw_zip(tmp_path / "a.zip", named(written, encoding))

    with open_archive(path) as archive:
        assert archive.question is not None
        assert set(archive.question.answers) == {"cp1251", "koi8-r"}
    assert letters_in(path, Choice(encoding=encoding)) == letters


def test_the_extra_field_for_unicode_is_used(tmp_path: Path) -> None:
    names = named(RUSSIAN, "cp1251")
    extra = {}
    for name, (number, letter) in zip(names, enumerate(RUSSIAN[::-1], 1000), strict=True):
        field = struct.pack("<BL", 1, zlib.crc32(name)) + f"{letter}/{number}.png".encode()
        extra[name] = struct.pack("<HH", 0x7075, len(field)) + field

    assert letters_in(raw_zip(tmp_path / "a.zip", names, extra=extra)) == RUSSIAN[::-1]


def test_a_tar_and_a_folder_are_weighed_too(tmp_path: Path) -> None:
    names = {name.decode("utf-8", "surrogateescape"): data for name, data in named(RUSSIAN.lower(), "cp1251").items()}

    assert letters_in(making.write_tar(tmp_path / "a.tar", names)) == RUSSIAN
    assert letters_in(making.write_folder(tmp_path / "set", names)) == RUSSIAN


def test_folders_with_backslashes_are_folders(tmp_path: Path) -> None:
    contents = {"set\\": b"", "set\\А\\": b"", "set\\А\\1.png": b"data"}

    with open_archive(making.write_zip(tmp_path / "a.zip", contents)) as archive:
        assert archive.names == ["set/А/1.png"]


def test_a_file_without_a_name_is_refused_in_words(tmp_path: Path) -> None:
    path = raw_zip(tmp_path / "a.zip", {b"1": b""})
    data = path.read_bytes().replace(b"PK\x01\x02", b"PK\x01\x02", 1)
    start = data.find(b"PK\x01\x02")
    data = data[: start + 28] + b"\0\0" + data[start + 30 : start + 46] + data[start + 47 :]
    end = data.find(b"PK\x05\x06")
    size = struct.unpack_from("<L", data, end + 12)[0] - 1
    path.write_bytes(data[: end + 12] + struct.pack("<L", size) + data[end + 16 :])

    with pytest.raises(ArchiveError, match="a file in it has no name"), open_archive(path):
        pass


def test_a_flag_for_utf8_over_other_bytes_is_refused_in_words(tmp_path: Path) -> None:
    path = raw_zip(tmp_path / "a.zip", named(RUSSIAN, "cp1251"), flag=0x800)

    with pytest.raises(ArchiveError, match=r"a\.zip is a damaged archive"), open_archive(path):
        pass


def test_such_a_flag_at_the_file_alone_is_the_fault_of_that_file(tmp_path: Path) -> None:
    path = making.write_zip(tmp_path / "a.zip", {"x.csv": b"data", "y.png": b"data"})
    data = path.read_bytes()
    path.write_bytes(data[:6] + b"\0\x08" + data[8:30] + b"\xff" + data[31:])

    with open_archive(path) as archive:
        assert [bool(content.fault) for content in archive.read(lambda _name: True)] == [True, False]
        with pytest.raises(ArchiveError, match="damaged"), archive.open("x.csv"):
            pass
