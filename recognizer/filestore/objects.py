"""Objects in a store, by key: all that the product needs of one.

A key is a file's place below the folder of all state, such as `models/….npz`, so that a folder and a store hold the
same tree and one can be copied into the other.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from django.conf import settings
from django.core.files import File
from django.core.files.storage import storages

from recognizer.core.files import replacing
from recognizer.filestore.choice import chosen_store
from recognizer.filestore.errors import StoreAwayError
from recognizer.filestore.patience import patiently

if TYPE_CHECKING:
    from recognizer.filestore.s3 import HashedStorage

NAME = "files"
"""Of the storage in the setting `STORAGES`; where it is missing, files are in the folder of all state alone."""
PIECE = 2**20


@dataclass(frozen=True)
class StoredFile:
    """An object in a store.

    Attributes:
        key: its name.
        size: bytes.
        changed_at: when it was put there, by the store's clock.

    """

    key: str
    size: int
    changed_at: datetime


class Objects(Protocol):
    """A store. Whatever it is asked, it may raise StoreAwayError; what waits for it is in `patience`."""

    def put(self, key: str, path: Path) -> None:
        """Put a file there; it appears whole, in place of one that was there."""

    def get(self, key: str, path: Path) -> None:
        """Bring an object here as a file, which appears whole, with the SHA-256 with which it was put there.

        Raises FileNotFoundError where there is none.
        """

    def delete(self, key: str) -> None:
        """Delete an object; nothing happens where there is none."""

    def exists(self, key: str) -> bool:
        """Whether there is such an object."""

    def sha256(self, key: str) -> str:
        """The SHA-256 with which an object was put there; empty where there is none."""

    def below(self, start: str) -> Iterator[StoredFile]:
        """All objects whose key begins so."""


class StoredObjects:
    """A store that django-storages reaches. Each call waits as long as whoever called is patient."""

    def __init__(self, storage: "HashedStorage") -> None:
        """Use a storage."""
        self._storage = storage

    def put(self, key: str, path: Path) -> None:
        """See `Objects`."""
        patiently(lambda: self._put(key, path))

    def get(self, key: str, path: Path) -> None:
        """See `Objects`."""
        patiently(lambda: self._get(key, path))

    def delete(self, key: str) -> None:
        """See `Objects`."""
        patiently(lambda: self._delete(key))

    def exists(self, key: str) -> bool:
        """See `Objects`."""
        return bool(self.sha256(key))

    def sha256(self, key: str) -> str:
        """See `Objects`."""
        return patiently(lambda: self._sha256(key))

    def below(self, start: str) -> Iterator[StoredFile]:
        """See `Objects`."""
        yield from patiently(lambda: self._below(start))

    def _put(self, key: str, path: Path) -> None:
        with _said(), path.open("rb") as file:
            self._storage.save(key, File(file))

    def _get(self, key: str, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _said(), self._storage.open(key) as source, replacing(path, name_survives=False) as file:
            sha256 = hashlib.sha256()
            while piece := source.read(PIECE):
                sha256.update(piece)
                file.write(piece)
            if sha256.hexdigest() != self._storage.hash_of(source.obj.metadata):
                raise StoreAwayError(f"{key} came with other bytes than it was put there with")

    def _delete(self, key: str) -> None:
        with _said():
            self._storage.delete(key)

    def _sha256(self, key: str) -> str:
        try:
            with _said():
                return self._storage.sha256(key)
        except FileNotFoundError:
            return ""

    def _below(self, start: str) -> list[StoredFile]:
        with _said():
            return [StoredFile(*each) for each in self._storage.below(start)]


@lru_cache(maxsize=1)
def store() -> Objects | None:
    """The store that the settings choose; None where files are in the folder of all state alone."""
    return StoredObjects(storages[NAME]) if NAME in settings.STORAGES else None  # type: ignore[arg-type]


def opened(address: str) -> Objects:
    """A store that the settings need not have chosen, by its address.

    Raises:
        ImproperlyConfigured: it is no address of a store, or the packages for it are missing.

    """
    return StoredObjects(storages.create_storage(chosen_store(address)))  # type: ignore[arg-type]


def has_store() -> bool:
    """Whether files are in a store, and not only in the folder of all state."""
    return store() is not None


@contextmanager
def _said() -> Iterator[None]:
    """Turn what the packages of S3 raise into one error with a sentence."""
    from boto3.exceptions import Boto3Error  # an extra, and half a second
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (Boto3Error, BotoCoreError, ClientError) as error:
        raise StoreAwayError(str(error)) from error
