"""The model in service: the one that reads letters on the page.

Its id is looked at once a second at most, beside the readings: they go on with the network in memory where the
database is slow or away. Processes that wait for readings look now and then as well (`looking`), so that an outage
finds in memory what was put in service before it. A network is immutable and swapped by reference, so a switch needs
no restart and no lock on the reading path. A model that fails to load or to read a few drawings leaves the old network
in service.
"""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from django.db import DatabaseError, connection, connections

from recognizer.filestore.errors import StoreAwayError
from recognizer.loading import CatalogueError, LoadedModel, find, shipped
from recognizer.models import StoredModel
from recognizer.reading import load_for_service

logger = logging.getLogger(__name__)
LOOK_SECONDS = 1.0
IDLE_SECONDS = 5.0
"""Between two looks while nobody reads."""
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
        self._said = ""
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

    def look(self) -> None:
        """Look as a reading would, and wait no longer than it does."""
        if self._is_due():
            self._begin_look().wait_a_little()

    def _is_due(self) -> bool:
        return time.monotonic() - self._looked_at >= LOOK_SECONDS

    def _first(self) -> LoadedModel:
        with self._lock:
            return self._loaded or self._load()

    def _begin_look(self) -> _Look:
        """The look that is going on, or a new one."""
        with self._lock:
            if self._look is None or self._look.is_set():
                look = _Look()
                self._looked_at = look.begun
                threading.Thread(target=self._see, args=(look,), name="active-model", daemon=True).start()
                self._look = look  # (not where there is no room for a thread: the next one tries again)
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
        """Look, and load what is in service now; what was in memory stays where that cannot be had."""
        self._looked_at = time.monotonic()
        try:
            self._loaded = _seen(self._loaded)
        except (CatalogueError, DatabaseError) as error:
            if str(error) != self._said:  # an outage is said once, not with every look
                _say(error, is_first=self._loaded is None)
            self._said = str(error)
            self._loaded = self._loaded or shipped()
        else:
            self._said = ""
        return self._loaded


def _seen(loaded: LoadedModel | None) -> LoadedModel:
    """The model in service, which may be the one in memory.

    Raises:
        CatalogueError: it cannot be loaded, or cannot read.

    """
    active = StoredModel.objects.filter(is_active=True).first()
    if active is None:
        return shipped()
    if loaded is not None and (loaded.pk, loaded.sha256) == (active.pk, active.file_sha256):
        return replace(loaded, name=active.name)
    return load_for_service(active)


def _say(error: CatalogueError | DatabaseError, *, is_first: bool) -> None:
    """Say why another model than the one in service may read; what is only away is no error."""
    stays = "the shipped one reads" if is_first else "the one in memory stays"
    if isinstance(error, DatabaseError):
        level = logging.INFO if is_first else logging.WARNING  # (commands need no database)
        logger.log(level, "no database says which model is in service; %s: %s", stays, error)
    elif isinstance(error.__cause__, StoreAwayError):
        logger.warning("the model in service is in the store of files alone; %s: %s", stays, error)
    else:
        logger.error("the model in service cannot be loaded; %s", stays, exc_info=error)


_current = _Current()


def get() -> LoadedModel:
    """The model in service; the shipped one where none was chosen."""
    return _current.get()


def forget() -> None:
    """Look at the database again at the next reading of this process, however short ago it was looked at."""
    _current.forget()


@contextmanager
def looking() -> Iterator[None]:
    """Look for the model in service within the block, also while nobody reads."""
    over = threading.Event()
    thread = threading.Thread(target=_look_again_and_again, args=(over,), name="active-model-looking", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _look_again_and_again(over: threading.Event) -> None:
    while not over.wait(IDLE_SECONDS):
        try:
            _current.look()
        except Exception:  # no room for a thread, say: the next look may find some
            logger.exception("no look for the model in service could begin")


def find_or_active(name: str | None) -> LoadedModel:
    """The model of that name; without one the model in service, or the shipped one where no database says which it is.

    No other one reads in its place, as it does for visitors: who asks on a terminal can do something about it.

    Raises:
        CatalogueError: none has that name, or its file cannot be used.

    """
    if name:
        return find(name)
    try:
        return _seen(None)
    except DatabaseError as error:
        _say(error, is_first=True)
        return shipped()
