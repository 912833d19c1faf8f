"""How long one waits for a store that is away: a page not at all, a job for as long as nobody stops it."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from recognizer.filestore.errors import StoreAwayError

logger = logging.getLogger(__name__)
T = TypeVar("T")
OnWait = Callable[[StoreAwayError], None]
WAIT_SECONDS = 1.0
MOST_SECONDS = 30.0
"""Between two tries; it doubles up to this, so that a thousand workers do not trouble a store that gets up again."""
_on_wait: ContextVar[OnWait | None] = ContextVar("propis_store_on_wait", default=None)


@contextmanager
def patient(on_wait: OnWait | None) -> Iterator[None]:
    """Wait for the store within the block. `on_wait` is called each second meanwhile, and may raise to stop.

    With None nobody waits, not even who does around the block.
    """
    token = _on_wait.set(on_wait)
    try:
        yield
    finally:
        _on_wait.reset(token)


def patiently(ask: Callable[[], T]) -> T:
    """Ask a store, and ask it again for as long as whoever called waits.

    Raises:
        StoreAwayError: it is away, and nobody waits for it.

    """
    pause = WAIT_SECONDS
    while True:
        try:
            return ask()
        except StoreAwayError as error:
            on_wait = _on_wait.get()
            if on_wait is None:
                raise
            logger.warning("the store of files is away, and is asked again in %d s: %s", pause, error)
            _pause(pause, on_wait, error)
            pause = min(2 * pause, MOST_SECONDS)


def _pause(seconds: float, on_wait: OnWait, error: StoreAwayError) -> None:
    end = time.monotonic() + seconds
    while True:
        on_wait(error)
        left = end - time.monotonic()
        if left <= 0:
            return
        time.sleep(min(left, WAIT_SECONDS))
