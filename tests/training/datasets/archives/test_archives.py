"""Zip, tar, tar.gz and folder give the same contents, whatever the file is called."""

import os
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.training.datasets import making
from training.datasets.archives import Archive, is_archive, open_archive

CONTENTS = making.folders(2) | {"readme.txt": b"hello"}


def everything(archive: Archive) -> dict[str, bytes]:
    """Read it whole."""
    return {content.name: content.data for content in archive.read(lambda _name: True)}


def written(kind: str, folder: Path) -> Path:
    """Write the contents as a kind of archive, under a name that says nothing."""
    path = folder / "archive"
    if kind == "zip":
        return making.write_zip(path, CONTENTS)
    if kind == "folder":
        return making.write_folder(path, CONTENTS)
    return making.write_tar(path, CONTENTS, zipped=kind == "tar.gz")


@pytest.mark.parametrize("kind", ["zip", "tar", "tar.gz", "folder"])
def test_each_kind_gives_names_and_contents(kind: str, tmp_path: Path) -> None:
    with open_archive(written(kind, tmp_path)) as archive:
        assert sorted(archive.names) == sorted(CONTENTS)
        assert everything(archive) == CONTENTS


@pytest.mark.parametrize("kind", ["zip", "tar", "tar.gz", "folder"])
def test_only_what_is_wanted_is_read(kind: str, tmp_path: Path) -> None:
    with open_archive(written(kind, tmp_path)) as archive:
        [content] = archive.read(lambda name: name.endswith(".txt"))

        assert (content.name, content.data, content.fault) == ("readme.txt", b"hello", "")


def test_is_archive_looks_at_the_bytes(tmp_path: Path) -> None:
    for kind, expected in (("zip", True), ("tar", True), ("tar.gz", True)):
        (tmp_path / kind).mkdir()
        with written(kind, tmp_path / kind).open("rb") as file:
            assert is_archive(file) is expected
    (tmp_path / "a.zip").write_bytes(making.png(1))
    with (tmp_path / "a.zip").open("rb") as file:
        assert not is_archive(file)


def test_names_are_composed_and_have_slashes(tmp_path: Path) -> None:
    decomposed = unicodedata.normalize("NFD", "set\\Й\\1.png")
    with open_archive(making.write_zip(tmp_path / "a.zip", {decomposed: b""})) as archive:
        assert archive.names == ["set/Й/1.png"]


@pytest.mark.parametrize("encoding", ["utf-8", "cp866"])
def test_names_without_the_utf8_flag_are_read_as_they_were_meant(encoding: str, tmp_path: Path) -> None:
    """Zips of a Russian Windows have names in cp866; some tools write UTF-8 and forget to say so."""
    path = tmp_path / "a.zip"
    placeholder = "XY/1.png" if encoding == "utf-8" else "X/1.png"
    making.write_zip(path, {placeholder: b"data"}, compression=zipfile.ZIP_STORED)
    raw = path.read_bytes().replace(placeholder.encode(), "Ж/1.png".encode(encoding))
    path.write_bytes(raw)

    with open_archive(path) as archive:
        assert everything(archive) == {"Ж/1.png": b"data"}


def test_folder_of_odd_names_is_read(tmp_path: Path) -> None:
    root = tmp_path / "set"
    (root / "А").mkdir(parents=True)
    odd = bytes(root / "А") + b"/\xff\xfe.png"
    with open(odd, "wb") as file:  # noqa: PTH123  (pathlib takes no bytes)
        file.write(b"data")

    with open_archive(root) as archive:
        assert [content.data for content in archive.read(lambda _name: True)] == [b"data"]
        archive.names[0].encode("utf-8")


@pytest.fixture
def deep(tmp_path: Path) -> Iterator[Path]:
    """A folder nested deeper than Python recurses; so is nothing that makes it or removes it."""
    depth = 1200
    here = Path.cwd()
    os.chdir(tmp_path)
    for _ in range(depth):
        Path("a").mkdir()
        os.chdir("a")
    Path("1.png").write_bytes(b"data")
    yield tmp_path
    Path("1.png").unlink()
    for _ in range(depth):
        os.chdir("..")
        Path("a").rmdir()
    os.chdir(here)


def test_deep_folder_is_read(deep: Path) -> None:
    with open_archive(deep) as archive:
        assert archive.names == ["a/" * 1200 + "1.png"]
