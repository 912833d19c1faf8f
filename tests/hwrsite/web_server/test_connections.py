"""A connection that is lost waits for nothing any more."""

import asyncio
from typing import Any

from uvicorn import Config
from uvicorn.server import ServerState

from hwrsite.web_server.connections import Connection, connection_class
from hwrsite.web_server.door import Door
from hwrsite.web_server.patience import Patience, Room


async def _application(scope: Any, receive: Any, send: Any) -> None:
    """Answer nothing."""


async def _faults_after_the_visitor_has_gone() -> list[dict[str, Any]]:
    faults: list[dict[str, Any]] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _loop, context: faults.append(context))
    config, made, gone = Config(_application, lifespan="off"), list[Connection](), asyncio.Event()
    config.load()

    class Watched(connection_class(Door(Room()), Patience(answer=0.01))):  # type: ignore[misc]
        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            gone.set()

    def make() -> Connection:
        made.append(Watched(config=config, server_state=ServerState(), app_state={}))
        return made[-1]

    server = await loop.create_server(make, "127.0.0.1", 0)
    async with server:
        _reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.close()
        await gone.wait()
        made[0].pause_writing()  # as an answer does that ends late
        await asyncio.sleep(0.1)
    return faults


def test_an_answer_that_ends_after_its_visitor_has_gone_is_no_fault() -> None:
    assert asyncio.run(_faults_after_the_visitor_has_gone()) == []
