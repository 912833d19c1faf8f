"""The web server under attack: how long one letter takes to be read meanwhile, and while its processes are killed."""

import contextlib
import http.client
import io
import json
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager

from PIL import Image

from benchmarks.harness import BenchmarkReport, Figure, percentile
from benchmarks.materials.drawings import DRAWINGS
from benchmarks.reading import machine
from benchmarks.server import Server, running, serving

READINGS = 200
KILLS = 5
LONGEST_MS = 1_500.0
"""What a visitor may wait at most, whatever others do."""
ATTACKER = ("127.0.0.2", 0)
SLOW_BODY = b"POST /api/recognize HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n\r\n0123456789abc"
JSON = {"Content-Type": "application/json"}
BODY = json.dumps({"strokes": DRAWINGS["О"]}).encode()


class WebBenchmark:
    """Readings of a visitor while others attack."""

    name = "web"
    cores: int | None = None

    def run(self, *, full: bool = False) -> BenchmarkReport:
        """Measure in peace, under each attack, and while processes are killed."""
        with running(processes=2) as server:
            measured = {"in peace": readings(server)}
            for name, attack in ATTACKS.items():
                with attack(server):
                    measured[name] = readings(server)
            measured[f"{KILLS} processes killed"] = readings_under_kills(server)
        return report(measured)


def readings(server: Server, count: int = READINGS) -> list[float]:
    """Milliseconds of readings, each on a connection of its own."""
    return [_once(server) for _number in range(count)]


def _once(server: Server) -> float:
    start = time.perf_counter()
    with contextlib.suppress(ConnectionResetError, http.client.RemoteDisconnected):  # of a killed process: asked again
        _ask(server, "/api/recognize", BODY, JSON)
        return (time.perf_counter() - start) * 1000
    _ask(server, "/api/recognize", BODY, JSON)
    return (time.perf_counter() - start) * 1000


def _ask(
    server: Server, path: str, body: bytes, headers: dict[str, str], source: tuple[str, int] = ("127.0.0.1", 0)
) -> None:
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", server.port, 60, source)) as connection:
        connection.request("POST", path, body, headers)
        connection.getresponse().read()


def readings_under_kills(server: Server) -> list[float]:
    """Readings while one process after the other is killed, each once there are two again."""
    found: list[float] = []
    for _number in range(KILLS):
        while len(processes := serving(server)) < 2:
            found += readings(server, 1)
        os.kill(processes[0], signal.SIGKILL)
        found += readings(server, READINGS // KILLS)
    return found


@contextlib.contextmanager
def held(server: Server, count: int, data: bytes) -> Iterator[None]:
    """Connections that send something and nothing more."""
    with contextlib.ExitStack() as left:
        for _number in range(count):
            opened = left.enter_context(socket.create_connection(("127.0.0.1", server.port), 60, ATTACKER))
            with contextlib.suppress(ConnectionError):
                opened.sendall(data)
        yield


@contextlib.contextmanager
def asked(server: Server, count: int, path: str, body: bytes, headers: dict[str, str]) -> Iterator[None]:
    """Visitors who ask for something dear as fast as they are answered."""
    over = threading.Event()

    def ask() -> None:
        while not over.is_set():
            with contextlib.suppress(OSError, http.client.HTTPException):
                _ask(server, path, body, headers, ATTACKER)

    threads = [threading.Thread(target=ask) for _number in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


def _large_png() -> tuple[bytes, dict[str, str]]:
    """A form with a picture of 4096², 16 bits a pixel."""
    file = io.BytesIO()
    Image.new("I;16", (4096, 4096), 65_535).save(file, "PNG")
    head = b'--b\r\nContent-Disposition: form-data; name="image"; filename="x.png"\r\n\r\n'
    return head + file.getvalue() + b"\r\n--b--\r\n", {"Content-Type": "multipart/form-data; boundary=b"}


SCRIBBLE = json.dumps({"strokes": [[[n % 2 * 100, n / 50] for n in range(4_000)]]}).encode()
ATTACKS: Mapping[str, Callable[[Server], AbstractContextManager[None]]] = {
    "4 bodies that do not come": lambda server: held(server, 4, SLOW_BODY),
    "1,100 idle connections": lambda server: held(server, 1_100, b""),
    "8 who scribble": lambda server: asked(server, 8, "/api/recognize", SCRIBBLE, JSON),
    "8 with a PNG of 4096² in 16 bits": lambda server: asked(server, 8, "/api/recognize/image", *_large_png()),
}


def report(measured: dict[str, list[float]]) -> BenchmarkReport:
    """Put the longest waits against the threshold."""
    figures = [Figure("requests a second, one at a time, in peace", 1000 / percentile(measured["in peace"], 50), "")]
    figures += [Figure(f"longest of a reading, {name}", max(ms), "ms", LONGEST_MS) for name, ms in measured.items()]
    rows = [
        (name, str(len(ms)), *(f"{value:.1f}" for value in (percentile(ms, 50), percentile(ms, 99), max(ms))))
        for name, ms in measured.items()
    ]
    columns = ("what others do", "readings", "median ms", "p99 ms", "longest ms")
    title = "Reading one letter while others attack the web server, each time on a new connection"
    return BenchmarkReport("web", title, machine(), figures, columns, rows)
