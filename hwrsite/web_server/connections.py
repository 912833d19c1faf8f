"""uvicorn's connections, with an end to every wait: for a head, for the next request, for an answer to be taken."""

import asyncio
import socket
import struct
from typing import Any, ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from hwrsite.web_server.door import Door
from hwrsite.web_server.patience import Patience
from recognizer.visitors import network

LINGER_NOT = struct.pack("ii", 1, 0)
CONNECTION = "propis.connection"
"""Where a request's scope has its connection."""


class Connection(HttpToolsProtocol):
    """One connection. `door` and `patience` are the server's, set before the first."""

    door: ClassVar[Door]
    patience: ClassVar[Patience]
    _head: asyncio.TimerHandle | None = None
    _stalled: asyncio.TimerHandle | None = None
    _head_bytes = 0
    _address = ""
    _is_lost = False

    @property
    def is_waiting(self) -> bool:
        """Whether nothing is being answered: it is idle, or its request is not whole yet."""
        return self.cycle is None or self.cycle.response_complete or self.cycle.more_body

    @property
    def is_closing(self) -> bool:
        """Whether nobody would get what is written."""
        return self.transport.is_closing()

    def dismiss(self) -> None:
        """Close it at once, with whatever was to be sent yet: not even the system keeps it for who does not take it."""
        if self._stalled is not None or self.transport.get_write_buffer_size():
            raw: socket.socket = self.transport.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
        self.transport.abort()

    # --- The connection --------------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Look for room, and begin to wait for a head."""
        super().connection_made(transport)
        raw: socket.socket = transport.get_extra_info("socket")
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._address = network(self.client[0]) if self.client else ""
        if self.door.enter(self._address, self):
            self._await_head()
        else:
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Leave, and wait for nothing any more."""
        self._is_lost = True
        self.door.leave(self._address, self)
        self._stop_timers()
        self._unset_keepalive_if_required()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on; a head that grows without end is cut off."""
        if self.parser is None or self.transport.is_closing():
            return
        if self._head is None and self._is_between_requests:
            self._await_head()
        self._head_bytes += len(data)
        super().data_received(data)
        if self._head is not None and self._head_bytes > self.patience.head_bytes:
            self.send_400_response("The head of the request is too long.")

    @property
    def _is_between_requests(self) -> bool:
        return self.cycle is None or (self.cycle.response_complete and not self.cycle.more_body)

    # --- Requests --------------------------------------------------------------------------------------------------

    def on_message_begin(self) -> None:
        """Let the application find the connection."""
        super().on_message_begin()
        self.scope[CONNECTION] = self  # type: ignore[literal-required]  # a name of our own

    def on_headers_complete(self) -> None:
        """The head is whole: wait for it no longer."""
        self._cancel_head()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Note that the body is whole, even where it was refused before."""
        super().on_message_complete()
        if self.cycle is not None:
            self.cycle.more_body = False

    def on_response_complete(self) -> None:
        """See that what is still to be sent is taken, where the connection ends with this answer."""
        super().on_response_complete()
        if self.transport.is_closing():
            self._await_taking()

    # --- Deadlines -------------------------------------------------------------------------------------------------

    def _await_head(self) -> None:
        self._head_bytes = 0
        self._head = self.loop.call_later(self.patience.head, self.dismiss)

    def _cancel_head(self) -> None:
        if self._head is not None:
            self._head.cancel()
            self._head = None

    def _await_taking(self) -> None:
        if self._stalled is None and not self._is_lost:  # an answer may end after its visitor has gone
            self._stalled = self.loop.call_later(self.patience.answer, self.dismiss)

    def _stop_timers(self) -> None:
        self._cancel_head()
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None

    def pause_writing(self) -> None:
        """The visitor takes less than he is sent: wait for him, but not for ever."""
        super().pause_writing()
        self._await_taking()

    def resume_writing(self) -> None:
        """He has taken most of it."""
        super().resume_writing()
        if self._stalled is not None and not self.transport.is_closing():
            self._stalled.cancel()
            self._stalled = None

    def timeout_keep_alive_handler(self) -> None:
        """Close a connection on which nothing was asked for a while, with what its visitor has not taken."""
        self.dismiss()


def connection_class(door: Door, patience: Patience) -> type[Connection]:
    """Connections that share a door."""
    members: dict[str, Any] = {"door": door, "patience": patience}
    return type("ServerConnection", (Connection,), members)
