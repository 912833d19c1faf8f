"""One file of data (a CSV, say) that is brought without an archive around it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from training.datasets.archives.base import ArchiveLimits, Census, Content, damaged
from training.datasets.content.questions import Question

ENDINGS = (".csv", ".csv.gz")


class SingleFile:
    """An archive of one file."""

    def __init__(self, path: Path, limits: ArchiveLimits) -> None:
        """Check its size."""
        self.path = path
        self.question: Question | None = None
        self.unpacked_bytes = path.stat().st_size
        self.names = [Census(path.name, limits).add(path.name, self.unpacked_bytes)]

    def read(self, wanted: Callable[[str], bool]) -> Iterator[Content]:
        """Yield it, where it is wanted."""
        if wanted(self.names[0]):
            yield Content(self.names[0], self.path.read_bytes())

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """Open it."""
        try:
            with self.path.open("rb") as file:
                yield file
        except OSError as error:
            raise damaged(self.path.name, error) from error

    def close(self) -> None:
        """Nothing is kept open."""
