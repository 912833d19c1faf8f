"""The model in service: the one that reads letters on the page.

Its id is looked at once a second at most, beside the readings: they go on with the network in memory where the
database is slow or away. A network is immutable and swapped by reference, so a switch needs no restart and no lock on
the reading path. A model that fails to load or to read a few drawings leaves the old network in service.
"""

import logging
import threading
import time
from dataclasses import replace

from django.db import DatabaseError, connection, connections

from recognizer.loading import CatalogueError, LoadedModel, find, shipped
from recognizer.models import StoredModel
from recognizer.reading import load_for_service

logger = logging.getLogger(__name__)
LOOK_SECONDS = 1.0
WAIT_SECONDS = 0.5
"""So long a reading waits for a look at the database; mostly it takes a few thousandths."""


class _Look(threading.Event):
    """A look at the database in a thread of its own; set when it is over."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = time.monotonic()

    def wait_a_little(self) -> bool:
        """Wait for its end; False where it takes too long, or has taken too long already."""
        return self.wait(max(0.0, self.begun + WAIT_SECONDS - time.monotonic()))


class _Current:
    """The active model of this process."""

    def __init__(self) -> None:
        self._loaded: LoadedModel | None = None
        self._looked_at = float("-inf")
        self._look: _Look | None = None
        self._lock = threading.Lock()

    def forget(self) -> None:
        """Look at the database at the next reading."""
        self._looked_at = float("-inf")

    def get(self) -> LoadedModel:
        if self._loaded is None:
            return self._first()
        if connection.in_atomic_block:  # only here can it be seen what this transaction has changed
            if self._is_due():
                self._load()
        else:
            while self._is_due() and self._begin_look().wait_a_little():
                pass
        return self._loaded

    def _is_due(self) -> bool:
        return time.monotonic() - self._looked_at >= LOOK_SECONDS

    def _first(self) -> LoadedModel:
        with self._lock:
            return self._loaded or self._load()

    def _begin_look(self) -> _Look:
        """The look that is going on, or a new one."""
        with self._lock:
            if self._look is None or self._look.is_set():
                self._look = _Look()
                self._looked_at = self._look.begun
                threading.Thread(target=self._see, args=(self._look,), name="active-model", daemon=True).start()
            return self._look

    def _see(self, look: _Look) -> None:
        try:
            self._load()
        except Exception:
            logger.exception("the look for the model in service failed; the one in memory stays")
        finally:
            connections.close_all()
            look.set()

    def _load(self) -> LoadedModel:
        """Look, and load what is in service now; what was in memory stays where the database does not answer."""
        self._looked_at = time.monotonic()
        try:
            self._loaded = _seen(self._loaded)
        except DatabaseError as error:
            level = logging.INFO if self._loaded is None else logging.WARNING  # (commands need no database)
            logger.log(level, "no database says which model is in service; the one in memory stays: %s", error)
            self._loaded = self._loaded or shipped()
        return self._loaded


def _seen(loaded: LoadedModel | None) -> LoadedModel:
    active = StoredModel.objects.filter(is_active=True).first()
    if active is None:
        return shipped()
    if loaded is not None and (loaded.pk, loaded.sha256) == (active.pk, active.file_sha256):
        return replace(loaded, name=active.name)
    try:
        return load_for_service(active)
    except CatalogueError:
        logger.exception("the active model cannot be loaded; the one before stays")
        return loaded if loaded is not None else shipped()


_current = _Current()


def get() -> LoadedModel:
    """The model in service; the shipped one where none was chosen."""
    return _current.get()


def forget() -> None:
    """Look at the database again at the next reading of this process, however short ago it was looked at."""
    _current.forget()


def find_or_active(name: str | None) -> LoadedModel:
    """The model of that name; without one the model in service.

    Raises:
        CatalogueError: none has that name, or its file cannot be used.

    """
    return find(name) if name else get()
