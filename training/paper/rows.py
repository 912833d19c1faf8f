"""What is known of each page, a line of JSON each: a killed worker's pages are there for the next one.

Each attempt writes a file of its own, so that a worker that lost its job cannot spoil what its follower writes.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from recognizer.core.messages import read, stored
from recognizer.filestore import places

Row = dict[str, Any]
"""`file`, `page`, `pages` of the file (0: it cannot be opened), and either `error` or what was read."""


class PageRows:
    """The rows of a reading, in its folder; those of a command (`is_kept` is false) are not the product's to keep."""

    def __init__(self, folder: Path, attempt: int, *, is_kept: bool = True) -> None:
        """Read what earlier attempts have written; add to the file of this one."""
        self._is_kept = is_kept
        self._path = folder / f"rows-{attempt:04d}.jsonl"
        self._done: set[tuple[str, int]] = set()
        self._whole: dict[str, int] = {}
        for row in each_row(folder, is_kept=is_kept):
            self._remember(row)

    def __len__(self) -> int:
        """How many pages are there, those that cannot be read among them."""
        return len(self._done)

    def has(self, file: str, page: int) -> bool:
        """Whether a page is there."""
        return (file, page) in self._done

    def pages_of_whole(self, file: str) -> int | None:
        """How many pages a file has all of which are there, 0 for one that cannot be opened; None for any other."""
        return self._whole.get(file)

    def add(self, row: Row) -> None:
        """Write a row, whole before this returns."""
        kept = {**row, "error": stored(row["error"])} if "error" in row else row
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(kept, ensure_ascii=False) + "\n")
        if self._is_kept:
            places.keep(self._path)
        self._remember(row)

    def _remember(self, row: Row) -> None:
        self._done.add((row["file"], row["page"]))
        if row["page"] >= row["pages"]:
            self._whole[row["file"]] = row["pages"]


def each_row(folder: Path, *, is_kept: bool = True) -> Iterator[Row]:
    """All rows of a reading, each page once; errors are said in the language that is active now."""
    seen: set[tuple[str, int]] = set()
    for path in places.files_in(folder) if is_kept else sorted(folder.iterdir()):
        if not path.match("rows-*.jsonl"):
            continue
        if is_kept:
            places.fetch(path)  # whose worker may have added to it since
        with path.open(encoding="utf-8") as file:
            for line in file:
                if not line.endswith("\n"):  # its worker was killed while it wrote
                    break
                row = json.loads(line)
                if (row["file"], row["page"]) not in seen:
                    seen.add((row["file"], row["page"]))
                    yield {**row, "error": read(row["error"])} if "error" in row else row
