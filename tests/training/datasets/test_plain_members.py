"""Plain members of a zip are read by a shorter way: the same bytes as zipfile's, and zipfile's own word on faults."""

import random
import struct
import zipfile
from pathlib import Path

import pytest

from tests.training.datasets import making
from training.datasets.archives import Content, Limits, open_archive
from training.datasets.archives.plain import PlainReader

CONTENTS = {
    **{f"А/{number}.png": making.png(number, side=28 + number) for number in range(40)},
    "plain.txt": b"letters " * 20_000,
    "empty.txt": b"",
    "wide.bin": random.Random(1).randbytes(200_000),
}


def by_zipfile(path: Path) -> list[Content]:
    """What zipfile alone gives; a fault is worded as `ZipArchive` words it."""
    found = []
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            try:
                found.append(Content(info.filename, archive.read(info)))
            except Exception as error:  # whatever it is, both ways must say the same
                found.append(Content(info.filename, b"", f"damaged in the archive ({error})"))
    return found


def by_us(path: Path) -> list[Content]:
    """What an import reads."""
    with open_archive(path, Limits()) as archive:
        return list(archive.read(lambda _name: True))


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])
def test_same_contents(tmp_path: Path, compression: int) -> None:
    path = making.write_zip(tmp_path / "a.zip", CONTENTS, compression=compression)

    assert by_us(path) == by_zipfile(path) == [Content(name, data) for name, data in CONTENTS.items()]


def test_plain_members_take_the_shorter_way(tmp_path: Path) -> None:
    for compression, shorter in ((zipfile.ZIP_STORED, 42), (zipfile.ZIP_DEFLATED, 42), (zipfile.ZIP_BZIP2, 0)):
        path = making.write_zip(tmp_path / f"{compression}.zip", CONTENTS, compression=compression)
        with zipfile.ZipFile(path) as archive:
            reader = PlainReader(archive)
            read = [reader.read(info) for info in archive.infolist()]

        assert sum(data is not None for data in read) == shorter
        assert all(data in (None, whole) for data, whole in zip(read, CONTENTS.values(), strict=True))


def test_order_does_not_matter(tmp_path: Path) -> None:
    path = making.write_zip(tmp_path / "a.zip", CONTENTS)
    with zipfile.ZipFile(path) as archive:
        reader, infos = PlainReader(archive), archive.infolist() * 2
        random.Random(2).shuffle(infos)
        for info in infos:
            assert reader.read(info) in (None, CONTENTS[info.filename])


def test_what_stands_before_the_archive_does_not_matter(tmp_path: Path) -> None:
    path = making.write_zip(tmp_path / "a.zip", CONTENTS)
    path.write_bytes(b"#!/bin/sh\n" * 5000 + path.read_bytes())

    assert by_us(path) == [Content(name, data) for name, data in CONTENTS.items()]


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_damage_is_told_as_zipfile_tells_it(tmp_path: Path, compression: int) -> None:
    few = dict(list(CONTENTS.items())[:6])
    whole = making.write_zip(tmp_path / "a.zip", few, compression=compression).read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        directory = archive.start_dir
    faults = 0
    for seed in range(150):
        damaged = bytearray(whole)
        damaged[random.Random(seed).randrange(directory)] ^= 1 << seed % 8
        path = tmp_path / f"{seed}.zip"
        path.write_bytes(damaged)

        assert by_us(path) == by_zipfile(path)
        faults += any(content.fault for content in by_us(path))
    assert faults > 100


@pytest.mark.parametrize("size", [1, 300, 2**20])
def test_directory_that_lies_about_a_size_gets_no_more_than_it_declares(tmp_path: Path, size: int) -> None:
    """The file has 160,000 bytes, and the directory declares fewer or more."""
    path = making.write_zip(tmp_path / "a.zip", {"plain.txt": CONTENTS["plain.txt"]})
    data = bytearray(path.read_bytes())
    line = data.index(b"PK\1\2")
    data[line + 24 : line + 28] = struct.pack("<I", size)
    path.write_bytes(data)

    read = by_us(path)

    assert read == by_zipfile(path)
    assert len(read[0].data) <= size
    assert bool(read[0].fault) == (size < len(CONTENTS["plain.txt"]))
