"""One page after the other: each takes some hundred megabytes while it is read."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from recognizer.messages import gettext as _
from recognizer.pages.errors import PagesBusyError

WAIT_SECONDS = 20.0
_turn = threading.Lock()


@contextmanager
def turn() -> Iterator[None]:
    """Wait for the turn of a page in this process.

    Raises:
        PagesBusyError: it does not come in time.

    """
    if not _turn.acquire(timeout=WAIT_SECONDS):
        raise PagesBusyError(_("Too many pages are being read at the moment. Try again in a minute."))
    try:
        yield
    finally:
        _turn.release()
