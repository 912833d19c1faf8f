"""What a command has read of its scans, kept beside its output until that is whole: one that was killed goes on."""

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from recognizer.core.files import error_about
from recognizer.pages.scans import ScanFile
from training.paper.page_results import write_results
from training.paper.rows import PageRows, Row, each_row


class UnfinishedReading:
    """The rows of a command's reading, in a hidden folder beside the file that it is to write."""

    def __init__(self, output: Path, files: Sequence[ScanFile], by: str) -> None:
        """Go on with what an earlier command has read of the same files by the same means, or begin. Raises OSError."""
        self._output = output
        self.folder = output.with_name(f".{output.name}.unfinished")
        made_of = self.folder / "made-of"
        digest = _digest(files, by)
        if not made_of.is_file() or made_of.read_text() != digest:
            shutil.rmtree(self.folder, ignore_errors=True)
            _make(self.folder, output)
            made_of.write_text(digest)
        self.rows = PageRows(self.folder, 1 + sum(1 for _path in self.folder.glob("rows-*")), is_kept=False)

    def read(self) -> Iterator[Row]:
        """All rows, each page once."""
        return each_row(self.folder, is_kept=False)

    def finish(self) -> None:
        """Write the output, whole or not at all, and forget the rows. Raises OSError."""
        form, result = self._output.suffix.removeprefix(".").lower(), self.folder / "result"
        with result.open("w", encoding="utf-8", newline="") as file:
            write_results(self.read(), form, file)
        result.replace(self._output)
        shutil.rmtree(self.folder)


def _make(folder: Path, output: Path) -> None:
    """Make the folder; nobody who asked for the output knows it by name."""
    try:
        folder.mkdir()
    except OSError as error:
        raise error_about(output, error) from error


def _digest(files: Sequence[ScanFile], by: str) -> str:
    digest = hashlib.sha256(f"{by}\n".encode())
    for file in files:
        digest.update(f"{file.name}\0{file.stamp}\n".encode())
    return digest.hexdigest()
