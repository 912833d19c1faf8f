"""Answers on their way to who asked, at the speed at which he takes them."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from hwrsite.web_server.bodies import Receive
from hwrsite.web_server.patience import KIB, MIB
from hwrsite.web_server.refusals import GoneError, IsGone
from hwrsite.web_server.wsgi import Answer

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
PIECE = 256 * KIB
THROWN_AWAY = 64 * MIB
"""Bytes of a refused body that are read at most."""


async def send_answer(answer: Answer, send: Send, *, is_gone: IsGone) -> None:
    """Send an answer, from memory or from its file.

    Raises:
        GoneError: the visitor closed the connection before a file was sent whole.
    """
    await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
    if answer.file is not None:
        while piece := answer.file.read(PIECE):
            if is_gone():
                raise GoneError
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            await asyncio.sleep(0)  # one who takes it as fast as it comes leaves room for others
    await send({"type": "http.response.body", "body": answer.body, "more_body": False})


async def send_refusal(answer: Answer, receive: Receive, send: Send, *, seconds: float) -> None:
    """Send an answer to a request whose body is still coming, then close.

    Who is sending does not look for an answer yet, and would lose it if the connection were closed under him: what he
    sends is thrown away for a while.
    """
    headers = [*answer.headers, (b"connection", b"close")]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body, "more_body": True})
    await _throw_away(receive, seconds)
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _throw_away(receive: Receive, seconds: float) -> None:
    size = 0
    try:
        async with asyncio.timeout(seconds):
            while size < THROWN_AWAY:
                message = await receive()
                size += len(message.get("body", b""))
                if message["type"] == "http.disconnect" or not message.get("more_body", False):
                    return
    except TimeoutError:
        pass
