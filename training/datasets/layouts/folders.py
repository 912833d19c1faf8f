"""The folders of an archive: which of them name letters, and which letter each names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from training.datasets.content.class_set import letter_label
from training.datasets.content.labels import LabelReader, LabelReading, plain
from training.datasets.content.splitting import split_of
from training.datasets.content.writers import writer_in
from training.datasets.layouts.latin_names import read_latin
from training.datasets.layouts.plan import Place

_NOT_PICTURES = (".txt", ".csv", ".gz", ".json", ".xml", ".md", ".html", ".pdf", ".npy")


@dataclass(frozen=True)
class Folders:
    """Folders of files.

    Attributes:
        names: the folder that names the letter, by the whole path of folders.
        writers: the folder that names the writer just below, likewise; mostly none.
        reading: what the names mean.
        letters: the class set.

    """

    names: Mapping[str, str]
    writers: Mapping[str, str]
    reading: LabelReading
    letters: str

    @classmethod
    def of(cls, files: Sequence[str], reader: LabelReader) -> "Folders":
        """Look at the folders of files: the last one names the letter, or the one above if the last is a writer's."""
        holding = {name.rpartition("/")[0] for name in files if not name.lower().endswith(_NOT_PICTURES)}
        every = {name.rpartition("/")[0] for name in files}
        last = {path: _own_folder(path) for path in every}
        above = {path: _last(path.rpartition("/")[0]) for path in every}
        reading = _read([last[path] for path in sorted(holding) if path], reader)
        if not _are_letters(reading, reader.letters):
            higher = reader.read([above[path] for path in sorted(holding)])
            is_every = bool(holding) and all(above[path] in higher.labels for path in holding)
            if is_every and _are_letters(higher, reader.letters):
                return cls(above, {path: _last(path) for path in every}, higher, reader.letters)
        return cls(last, {}, reading, reader.letters)

    def own(self, name: str) -> str:
        """The folder that names, or could name, the letter of a file."""
        return self.names[name.rpartition("/")[0]]

    def label(self, name: str) -> int | None:
        """The label of a file; None where its folder names no letter."""
        return self.reading.labels.get(self.own(name))

    @property
    def are_letters(self) -> bool:
        """Whether the folders are named by letters and not by numbers."""
        return _are_letters(self.reading, self.letters)

    def place(self, path: str, label: int, *, overlook_writer: bool) -> Place:
        """What a path of folders says of the pictures in it."""
        folders = path.split("/")
        splits = [split for folder in folders[:-1] if (split := split_of(folder)) is not None]
        writer = self.writers.get(path) or writer_in(folders)
        return Place(label, splits[-1] if splits else None, "" if overlook_writer else writer)


def _own_folder(path: str) -> str:
    folders = path.split("/")
    return folders[-2] if len(folders) > 1 and writer_in(folders[-1:]) else folders[-1]


def _last(path: str) -> str:
    return path.rpartition("/")[2]


def _read(folders: Sequence[str], reader: LabelReader) -> LabelReading:
    reading = reader.read(folders)
    return reading if reading.labels else read_latin(folders, reader)


def _are_letters(reading: LabelReading, letters: str) -> bool:
    return any(letter_label(plain(text), letters) is not None for text in reading.labels)
