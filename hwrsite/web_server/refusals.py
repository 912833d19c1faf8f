"""Requests that the server refuses itself; the site words the answer, in the visitor's language (errors.py)."""

from collections.abc import Callable

REFUSAL = "propis.refusal"
"""Where an environment has the status with which its request is to be refused."""


class RefusedError(Exception):
    """A request that is answered with an error; `unread`: the rest of its body is on its way and nobody wants it."""

    def __init__(self, status: int, *, unread: bool = False) -> None:
        """Take the status of the answer."""
        super().__init__(status)
        self.status, self.unread = status, unread


class GoneError(Exception):
    """The visitor has closed the connection: nobody waits for the answer."""


IsGone = Callable[[], bool]
"""Tells whether nobody waits for an answer any more."""
