"""Bodies of requests, read to their end before anybody works on them: in memory, or in a file where they are large."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import IO, Any

from hwrsite.web_server.patience import KIB, Patience
from hwrsite.web_server.refusals import GoneError, RefusedError

Receive = Callable[[], Awaitable[Mapping[str, Any]]]
IN_MEMORY = 256 * KIB
TOO_SLOW, TOO_LARGE, NO_ROOM = 408, 413, 503


class BodyReader:
    """Reads the bodies of one process.

    Attributes:
        folder: where large ones are; their files have no name, so that a killed process leaves none.
        public_bytes: of the largest body that anybody may send.
        patience: with who sends.

    """

    def __init__(self, folder: Path, *, public_bytes: int, patience: Patience) -> None:
        """Take the limits."""
        self._folder, self._public_bytes, self._patience = folder, public_bytes, patience

    async def read(self, receive: Receive, length: int | None, largest: Callable[[], Awaitable[int]]) -> IO[bytes]:
        """Read a body; `largest` is asked, once, how much this visitor may send, if it is more than anybody may.

        Raises:
            RefusedError: it is too large or too slow, or the disk is full.
            GoneError: the visitor is gone.

        """
        allowed = self._public_bytes
        if length is not None and length > allowed and length > (allowed := await largest()):
            raise RefusedError(TOO_LARGE, unread=True)
        body: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY, dir=str(self._folder))  # noqa: SIM115  (whoever reads it closes it)
        try:
            await self._fill(body, receive, allowed, largest)
        except BaseException:
            body.close()
            raise
        body.seek(0)
        return body

    async def _fill(
        self, body: IO[bytes], receive: Receive, allowed: int, largest: Callable[[], Awaitable[int]]
    ) -> None:
        begun, size = asyncio.get_running_loop().time(), 0
        while True:
            message = await self._next(receive, begun + self._patience.body + size / self._patience.slowest)
            size += len(message.get("body", b""))
            if size > allowed and size > (allowed := await largest()):
                raise RefusedError(TOO_LARGE, unread=True)
            _write(body, message.get("body", b""))
            if not message.get("more_body", False):
                return

    @staticmethod
    async def _next(receive: Receive, deadline: float) -> Mapping[str, Any]:
        try:
            async with asyncio.timeout_at(deadline):
                message = await receive()
        except TimeoutError:
            raise RefusedError(TOO_SLOW, unread=True) from None
        if message["type"] == "http.disconnect":
            raise GoneError
        return message


def _write(body: IO[bytes], data: bytes) -> None:
    try:
        body.write(data)
    except OSError:
        raise RefusedError(NO_ROOM, unread=True) from None
