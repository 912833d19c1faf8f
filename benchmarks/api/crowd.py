"""Many visitors at once: connections that stay open, each asking again as soon as it is answered."""

import contextlib
import re
import selectors
import socket
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from benchmarks.harness import BenchmarkRunError

PIECE = 1 << 20
PATIENCE = 300.0
"""Seconds without any answer, after which the server counts as dead."""
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


def request(method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> bytes:
    """A whole request as it is sent."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@dataclass
class Visitor:
    """One connection: what is still to be sent, what has come."""

    socket: socket.socket
    sending: memoryview = field(default_factory=lambda: memoryview(b""))
    received: bytearray = field(default_factory=bytearray)

    def take(self) -> tuple[int, bytes] | None:
        """The status and body of an answer that is whole, and forget it; None while it is not."""
        head = self.received.find(b"\r\n\r\n")
        if head < 0:
            return None
        found = _LENGTH.search(self.received, 0, head)
        end = head + 4 + (int(found[1]) if found else 0)
        if len(self.received) < end:
            return None
        answer = int(self.received[9:12]), bytes(self.received[head + 4 : end])
        del self.received[:end]
        return answer


class Crowd:
    """Visitors of a server on this machine."""

    def __init__(self, port: int, count: int) -> None:
        """Connect them."""
        self._selector = selectors.DefaultSelector()
        self._visitors = [Visitor(socket.create_connection(("127.0.0.1", port), PATIENCE)) for _ in range(count)]
        for visitor in self._visitors:
            visitor.socket.setblocking(False)
            visitor.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._selector.register(visitor.socket, selectors.EVENT_READ, visitor)

    def __enter__(self) -> Self:
        """Stay until the end of the block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave."""
        for visitor in self._visitors:
            visitor.socket.close()
        self._selector.close()

    def ask(self, requests: Iterator[bytes], count: int) -> Counter[int]:
        """Ask this many times, as fast as answers come; how many answers had each status.

        Raises:
            BenchmarkRunError: an answer does not come.

        """
        statuses: Counter[int] = Counter()
        begun = min(count, len(self._visitors))
        for visitor in self._visitors[:begun]:
            self._send(visitor, next(requests))
        while statuses.total() < count:
            for visitor in self._ready():
                if (answer := visitor.take()) is not None:
                    statuses[answer[0]] += 1
                    if begun < count:
                        begun += 1
                        self._send(visitor, next(requests))
        return statuses

    def _ready(self) -> Iterator[Visitor]:
        """Visitors to whom something has come; what others have left to send goes on its way."""
        if not (events := self._selector.select(PATIENCE)):
            raise BenchmarkRunError("The server has stopped answering.")
        for key, mask in events:
            visitor: Visitor = key.data
            if mask & selectors.EVENT_WRITE:
                self._send(visitor, visitor.sending)
            if mask & selectors.EVENT_READ:
                if not (piece := visitor.socket.recv(PIECE)):
                    raise BenchmarkRunError("The server has closed a connection.")
                visitor.received += piece
                yield visitor

    def _send(self, visitor: Visitor, data: bytes | memoryview) -> None:
        left = memoryview(data)
        with contextlib.suppress(BlockingIOError):
            left = left[visitor.socket.send(left) :]
        visitor.sending = left
        mask = selectors.EVENT_READ | (selectors.EVENT_WRITE if left else 0)
        self._selector.modify(visitor.socket, mask, visitor)
