"""Visitors who want a site to stop, in a process of their own: `python -m benchmarks.subjects.attacks NAME PORT`.

The name is one of `ATTACKS`. A line is printed once the attack is in full swing; it ends when standard input is closed,
and then a line with what the attackers have met.
"""

import contextlib
import functools
import http.client
import io
import json
import random
import resource
import select
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from PIL import Image

PATIENCE = 60.0
TRICKLE_SECONDS = 0.5
IDLE, IDLE_ADDRESSES, IDLE_A_SECOND = 10_000, 50, 500
MIB = 2**20
LARGE = 50 * MIB
ADDRESSES = 10
"""Of 127.0.0.0/8, that attackers have, and a visitor none of them; for idle connections they have more."""
HEAD = b"POST /api/recognize HTTP/1.1\r\nHost: localhost\r\n"
DOWNLOAD = b"GET /models/1/file/ HTTP/1.1\r\nHost: localhost\r\n\r\n"
JSON = {"Content-Type": "application/json"}
SCRIBBLE = json.dumps({"strokes": [[[n % 2 * 100, n / 50] for n in range(4_000)]]}).encode()
SMALL_WINDOW = 4_096


@dataclass
class Attack:
    """What every attacker of a process knows.

    Attributes:
        port: of the server, on this machine.
        over: set when they are to stop.
        met: how often each thing has happened to them, such as a status or a connection that was closed.

    """

    port: int
    over: threading.Event = field(default_factory=threading.Event)
    met: Counter[str] = field(default_factory=Counter)

    def connect(self, number: int, *, addresses: int = ADDRESSES, window: int | None = None) -> socket.socket:
        """A connection from one of so many addresses; `window`: bytes of an answer that it takes at once."""
        opened = socket.socket()
        if window is not None:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        opened.settimeout(PATIENCE)
        opened.bind((address(number % addresses), 0))
        opened.connect(("127.0.0.1", self.port))
        return opened


def address(number: int) -> str:
    """An attacker's address."""
    return f"127.0.1.{1 + number}"


def main(name: str, port: int) -> None:
    """Attack until standard input ends."""
    attack = Attack(port)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with ATTACKS[name](attack):
        print("begun", flush=True)
        sys.stdin.read()
    print(json.dumps(attack.met), flush=True)


# --- What one attacker does, again and again -----------------------------------------------------------------------


def trickling(attack: Attack, number: int, begin: bytes) -> None:
    """Send the beginning of a request, and then a byte now and then, until the server closes."""
    with attack.connect(number) as opened:
        opened.sendall(begin)
        while not attack.over.wait(TRICKLE_SECONDS):
            opened.sendall(b"a")


def not_reading(attack: Attack, number: int) -> None:
    """Ask for a large file many times, and take nothing of it until the server closes."""
    with attack.connect(number, window=SMALL_WINDOW) as opened:
        opened.sendall(DOWNLOAD * 20)
        poll = select.poll()
        poll.register(opened, select.POLLRDHUP)
        while not attack.over.is_set():
            if poll.poll(1000 * TRICKLE_SECONDS):
                attack.met["closed"] += 1
                return


def asking(attack: Attack, number: int, path: str, body: bytes, headers: Mapping[str, str]) -> None:
    """Ask for something dear, and wait for the answer."""
    source = (address(number % ADDRESSES), 0)
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", attack.port, PATIENCE, source)) as connection:
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        answer.read()
        attack.met[str(answer.status)] += 1


def bringing_much(attack: Attack, number: int) -> None:
    """Send 50 MB: with their length, and every other time without."""
    with_length = number % 2 == 0
    said = f"Content-Length: {LARGE}" if with_length else "Transfer-Encoding: chunked"
    piece = b"x" * MIB if with_length else b"100000\r\n" + b"x" * MIB + b"\r\n"
    with attack.connect(number) as opened:
        opened.sendall(HEAD + said.encode() + b"\r\n\r\n")
        try:
            for _piece in range(LARGE // MIB):
                opened.sendall(piece)
        finally:
            _note_answer(attack, opened)


def malformed(attack: Attack, number: int, requests: Sequence[bytes]) -> None:
    """Send what is no request, or one that breaks its own promises."""
    with attack.connect(number) as opened:
        opened.sendall(requests[random.randrange(len(requests))])
        opened.shutdown(socket.SHUT_WR)
        _note_answer(attack, opened)


def _note_answer(attack: Attack, opened: socket.socket) -> None:
    status = opened.recv(64)[9:12].decode("latin-1")
    attack.met[status or "closed without an answer"] += 1


MALFORMED = (
    b"\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),  # who speaks TLS
    b"GET\r\n\r\n",
    b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n",  # without a host
    b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
    b"GET /\x00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET /%ff%fe/../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET /" + b"a" * 60_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"x: y\r\n" * 6_000 + b"\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nCookie: sessionid=" + b"%00" * 500 + b"\r\n\r\n",
    b"GET /runs/?page=99999999999999999999&q=%00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET /runs/99999999999999999999999999/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"PROPFIND / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    HEAD + b"Content-Length: -1\r\n\r\n",
    HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
    HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    HEAD + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nabc",
    HEAD + b"Transfer-Encoding: chunked\r\n\r\nno number\r\nabc\r\n0\r\n\r\n",
    HEAD + b'Content-Type: application/json\r\nContent-Length: 9\r\n\r\n{"strokes',
    HEAD + b"Content-Type: application/json\r\nContent-Length: 30000\r\n\r\n" + b"[" * 30_000,
    HEAD + b'Content-Type: application/json\r\nContent-Length: 26\r\n\r\n{"strokes": [[[NaN,1e999]]',
    HEAD + b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b\x08\x00",
    b"POST /api/recognize/image HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data\r\n"
    b"Content-Length: 4\r\n\r\n--b\r",
    b"POST /api/recognize/image HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\nContent-Length: 8\r\n\r\n"
    b"\x89PNG\r\n\x1a\n",
)


# --- Attacks -------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def crowd(attack: Attack, count: int, does: Callable[[Attack, int], None]) -> Iterator[None]:
    """Attackers who do something again and again, whatever happens to them."""

    def again_and_again(number: int) -> None:
        while not attack.over.is_set():
            try:
                does(attack, number)
            except (OSError, http.client.HTTPException) as error:
                attack.met[type(error).__name__] += 1
                time.sleep(0.01)

    threads = [threading.Thread(target=again_and_again, args=(number,), daemon=True) for number in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        attack.over.set()


@contextlib.contextmanager
def idle(attack: Attack) -> Iterator[None]:
    """Ten thousand tries to keep a connection that asks for nothing: half of them at once, the others one by one."""
    held: list[socket.socket] = []

    def come(number: int) -> None:
        try:
            held.append(attack.connect(number, addresses=IDLE_ADDRESSES))
            attack.met["connected"] += 1
        except OSError as error:
            attack.met[type(error).__name__] += 1

    def one_by_one() -> None:
        for number in range(IDLE // 2, IDLE):
            if attack.over.wait(1 / IDLE_A_SECOND):
                return
            come(number)

    for number in range(IDLE // 2):
        come(number)
    thread = threading.Thread(target=one_by_one)
    thread.start()
    try:
        yield
        thread.join()
    finally:
        attack.over.set()
        for each in held:
            each.close()


def _large_png() -> tuple[str, bytes, dict[str, str]]:
    """A form with a picture of 4096², 16 bits a pixel."""
    file = io.BytesIO()
    Image.new("I;16", (4096, 4096), 65_535).save(file, "PNG")
    head = b'--b\r\nContent-Disposition: form-data; name="image"; filename="x.png"\r\n\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    return "/api/recognize/image", head + file.getvalue() + b"\r\n--b--\r\n", headers


def _of(
    count: int, does: Callable[..., None], **given: object
) -> Callable[[Attack], contextlib.AbstractContextManager[None]]:
    return lambda attack: crowd(attack, count, functools.partial(does, **given))


def _asks(
    count: int, path: str, body: bytes, headers: Mapping[str, str]
) -> Callable[[Attack], contextlib.AbstractContextManager[None]]:
    return _of(count, asking, path=path, body=body, headers=headers)


ATTACKS: Mapping[str, Callable[[Attack], contextlib.AbstractContextManager[None]]] = {
    "400 heads that trickle": _of(400, trickling, begin=b"GET / HTTP/1.1\r\nHost: loc"),
    "400 bodies that trickle": _of(400, trickling, begin=HEAD + b"Content-Length: 5000\r\n\r\n0123456789abc"),
    "100 who do not read": _of(100, not_reading),
    f"{IDLE:,} tries of idle connections": idle,
    "8 who bring 50 MB": _of(8, bringing_much),
    "8 with malformed requests": _of(8, malformed, requests=MALFORMED),
    "8 who scribble": _asks(8, "/api/recognize", SCRIBBLE, JSON),
    "8 with a PNG of 4096² in 16 bits": lambda attack: _asks(8, *_large_png())(attack),
}

if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
