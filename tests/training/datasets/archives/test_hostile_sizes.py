"""Archives of a million files or ten million rows are refused after few bytes are read, and in little memory."""

import re
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.training.datasets import making
from training.datasets.errors import ArchiveError
from training.datasets.imports.pipeline import import_archive

pytestmark = pytest.mark.django_db
ROWS = 10_000_000
MEGABYTE = 2**20
FILES = "more than 300000 files"


def many_rows(path: Path) -> Path:
    """A folder with a table of ten million rows; a million of them are different."""
    making.write_folder(path, {"0.png": making.png(0)})
    block = "".join(f"{number}.png,{number % 33}\n" for number in range(ROWS // 10)).encode()
    with (path / "info.csv").open("wb") as file:
        file.write(b"file,letter\n")
        for _ in range(10):
            file.write(block)
    return path


def bytes_read() -> int:
    """How many bytes this process has read from files so far."""
    return int(re.findall(r"rchar: (\d+)", Path("/proc/self/io").read_text())[0])


def size_of(path: Path) -> int:
    """Bytes of a file, or of all in a folder."""
    return sum(each.stat().st_size for each in [path, *path.rglob("*")] if each.is_file())


LARGE: dict[str, tuple[Callable[[Path], Path], str]] = {
    "a million files": (
        lambda p: making.zip_of_lines(p / "a.zip", 1_000_000, b"A/picture.png"),
        "more than 300000 files",
    ),
    "files in the shortest lines": (
        lambda p: making.zip_of_lines(p / "a.zip", 700_000, b"A"),
        "more than 300000 files",
    ),
    "ten million rows": (lambda p: many_rows(p / "set"), "too many rows or columns"),
}


@pytest.mark.parametrize("case", LARGE)
def test_large_archive_is_refused_after_few_bytes_in_little_memory(case: str, tmp_path: Path) -> None:
    make, words = LARGE[case]
    path = make(tmp_path)
    tracemalloc.start()
    before = bytes_read()

    with pytest.raises(ArchiveError, match=words):
        import_archive(path, name="large")

    read = bytes_read() - before
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert read < 3 * size_of(path), "no part is read again and again"
    assert peak < 80 * MEGABYTE
