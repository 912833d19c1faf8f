"""Visitors of a started product who misbehave on the wire, or only look whether they are served. 127.0.0.1 only."""

import contextlib
import http.client
import json
import select
import socket
from collections.abc import Iterator, Sequence

from tests.product import Product, wait_until

PATIENCE = 300.0
"""So long a visitor waits before he says that the site is away: it answers at once, or in seconds if it is busy."""
DRAWING = json.dumps({"strokes": [[[0, 0], [40, 90]], [[40, 90], [80, 0]]]}).encode()


def ask(
    product: Product,
    method: str = "GET",
    path: str = "/models/",
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
    *,
    source: str = "127.0.0.1",
) -> tuple[int, str, bytes]:
    """One request on a connection of its own: status, kind of content, body."""
    connection = http.client.HTTPConnection("127.0.0.1", product.port, PATIENCE, (source, 0))
    with contextlib.closing(connection):
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.headers.get("Content-Type", ""), answer.read()


def read_letter(product: Product, *, source: str = "127.0.0.1") -> int:
    """Have a letter read; returns the status."""
    headers = {"Content-Type": "application/json"}
    return ask(product, "POST", "/api/recognize", DRAWING, headers, source=source)[0]


def is_served(product: Product) -> bool:
    """Whether a page is shown and a letter is read."""
    return ask(product)[0] == 200 and read_letter(product) == 200


@contextlib.contextmanager
def connections(
    product: Product, count: int, data: bytes, *, buffer: int | None = None
) -> Iterator[list[socket.socket]]:
    """Connections on each of which some bytes are sent, and nothing more; `buffer`: what each takes of an answer."""
    with contextlib.ExitStack() as left:
        opened = []
        for _number in range(count):
            each = left.enter_context(socket.socket())
            if buffer is not None:
                each.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
            each.settimeout(PATIENCE)
            each.connect(("127.0.0.1", product.port))
            with contextlib.suppress(ConnectionError):  # it may have been closed for another one already
                each.sendall(data)
            opened.append(each)
        yield opened


def wait_until_closed(opened: Sequence[socket.socket], *, seconds: float = 300) -> None:
    """Wait until the server has closed all of them, without taking anything that it has sent."""
    poll = select.poll()
    for each in opened:
        poll.register(each, select.POLLRDHUP)
    closed: set[int] = set()

    def all_are() -> bool:
        for number, events in poll.poll(100):
            if events & (select.POLLRDHUP | select.POLLHUP | select.POLLERR):
                closed.add(number)
                poll.unregister(number)
        return len(closed) == len(opened)

    wait_until(all_are, seconds=seconds)
