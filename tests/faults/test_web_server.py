"""The web server as `make run` starts it: nobody can keep others from being served."""

import contextlib
import http.client
import os
import shutil
import signal
import socket
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.subjects.attacks import ATTACKS
from benchmarks.web import attacked
from tests import prepared
from tests.faults.visitor import Visitor
from tests.faults.wire import ask, connections, is_served, read_letter, wait_until_closed
from tests.product import Product, embedded, wait_until

pytestmark = pytest.mark.processor_seconds(600)
SLOW_BODY = b"POST /api/recognize HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n\r\n" + b"0123456789abc"
SLOW_HEAD = b"GET / HTTP/1.1\r\nHost: loc"
DOWNLOAD = b"GET /models/1/file/ HTTP/1.1\r\nHost: localhost\r\n\r\n"
WEB, PAGES = "propis: web", "propis: pages"
PROCESSES = pytest.mark.parametrize("process", [WEB, PAGES], ids=["web", "pages"])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A started web server that is patient for a few seconds only."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copy(prepared.database(), folder)
    product = Product(folder, embedded(folder) | {"PROPIS_PATIENCE": "0.3"})
    product.start("--only", "web")
    wait_until(lambda: [len(product.named(each)) for each in (WEB, PAGES)] == [2, 2])
    yield product
    product.kill()


def test_bodies_that_do_not_come_hold_no_thread(site: Product) -> None:
    with connections(site, 20, SLOW_BODY) as opened:
        assert is_served(site)
        wait_until_closed(opened)
        assert opened[0].recv(100).startswith(b"HTTP/1.1 408")


def test_answers_that_nobody_takes_hold_no_thread(site: Product) -> None:
    with connections(site, 20, DOWNLOAD * 20, buffer=4096) as opened:
        assert is_served(site)
        wait_until_closed(opened)


def test_visitors_who_leave_amid_a_download_are_no_fault(site: Product) -> None:
    for _round in range(10):
        with connections(site, 4, DOWNLOAD, buffer=4096) as opened:
            for each in opened:
                each.recv(100)
                each.shutdown(socket.SHUT_WR)
    assert is_served(site)
    assert "Traceback" not in site.output()
    assert "ASGI" not in site.output()


def test_heads_that_do_not_come_are_given_up(site: Product) -> None:
    with connections(site, 200, SLOW_HEAD) as opened:
        assert is_served(site)
        wait_until_closed(opened)


def test_more_idle_connections_than_a_process_may_have_files(site: Product) -> None:
    with connections(site, 1_100, b"") as opened:
        assert is_served(site)
        wait_until_closed(opened)


def test_a_head_without_end_is_cut_off(site: Product) -> None:
    with connections(site, 1, SLOW_HEAD + b"a" * 100_000) as [opened]:
        assert opened.recv(100).startswith(b"HTTP/1.1 400")
    assert is_served(site)


@pytest.mark.parametrize("path", ["/", "/api/recognize", "/admin/login/"])
def test_a_strangers_large_body_is_refused_by_its_length(site: Product, path: str) -> None:
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 300000000\r\n\r\n".encode()
    with connections(site, 1, head) as [opened]:
        assert opened.recv(100).startswith(b"HTTP/1.1 413"), "before a byte of it was sent"


def test_a_strangers_body_without_length_is_cut_off(site: Product) -> None:
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    piece = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    with connections(site, 1, head) as [opened]:
        sent = 0
        with contextlib.suppress(OSError):
            for _number in range(300):
                opened.sendall(piece)
                sent += 1
        assert sent < 300
        with contextlib.suppress(ConnectionResetError):
            assert opened.recv(100).startswith(b"HTTP/1.1 413")
    assert is_served(site)
    assert not list((site.var / "uploads").iterdir())


def test_staff_may_bring_more(site: Product) -> None:
    visitor = Visitor(site)
    body = b"x" * 12 * 2**20
    status, kind, _content = ask(site, "POST", "/admin/login/", body, {"Cookie": visitor.cookies})
    assert (status, kind) == (403, "text/html; charset=utf-8"), "Django looked at it, and missed its token"


def test_the_apis_refusals_are_json(site: Product) -> None:
    for method, path, expected in (("GET", "/api/nothing", 404), ("DELETE", "/api/recognize", 405)):
        status, kind, _content = ask(site, method, path)
        assert (status, kind) == (expected, "application/json")


@pytest.mark.parametrize("name", ATTACKS)
def test_whatever_others_do_a_visitor_is_served(site: Product, name: str) -> None:
    with attacked(site.port, name):
        assert [is_served(site) for _time in range(5)] == [True] * 5


class Callers:
    """Visitors who come again and again, each time on a new connection."""

    def __init__(self, product: Product, count: int = 4) -> None:
        """Begin to come."""
        self._product, self._over = product, threading.Event()
        self.served, self.lost, self.refused = 0, 0, list[str]()
        self._threads = [threading.Thread(target=self._come) for _number in range(count)]
        for thread in self._threads:
            thread.start()

    def _come(self) -> None:
        while not self._over.is_set():
            try:
                status, _kind, _content = ask(self._product)
                if status == 200:
                    self.served += 1
                else:
                    self.refused.append(f"{status}")
            except (ConnectionResetError, http.client.RemoteDisconnected, http.client.IncompleteRead, BrokenPipeError):
                self.lost += 1  # it was in the hands of the web process that was killed
            except OSError as error:
                self.refused.append(str(error))

    def end(self) -> None:
        """Come no more."""
        self._over.set()
        for thread in self._threads:
            thread.join()


@PROCESSES
def test_while_processes_are_killed_no_visitor_is_refused(site: Product, process: str) -> None:
    callers = Callers(site)
    try:
        for _number in range(3):
            before = site.named(process)
            os.kill(before[0], signal.SIGKILL)
            wait_until(lambda before=before: len({*site.named(process)} - {*before}) == 1)  # type: ignore[misc]
            served = callers.served
            wait_until(lambda served=served: callers.served > served + 10)  # type: ignore[misc]
    finally:
        callers.end()
    assert callers.refused == []
    assert callers.lost <= (3 * 4 if process == WEB else 0), "only what a killed web process had in hand"


@PROCESSES
def test_all_processes_may_be_killed_at_once(site: Product, process: str) -> None:
    for pid in site.named(process):
        os.kill(pid, signal.SIGKILL)
    assert is_served(site), "he waits until one is there again, and is not refused"


def test_letters_are_read_while_no_process_for_pages_lives(site: Product) -> None:
    before = {*site.named(PAGES)}
    for pid in before:
        os.kill(pid, signal.SIGSTOP)
    try:
        assert [read_letter(site) for _number in range(20)] == [200] * 20
    finally:
        for pid in before:
            os.kill(pid, signal.SIGKILL)
    assert is_served(site)


@PROCESSES
def test_a_process_that_is_stopped_takes_no_visitor_along(site: Product, process: str) -> None:
    stopped = site.named(process)[0]
    os.kill(stopped, signal.SIGSTOP)
    try:
        assert all(is_served(site) for _number in range(5))
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(stopped, signal.SIGCONT)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep SQLite's write lock."""
    with contextlib.closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield
        connection.execute("ROLLBACK")


def test_while_the_database_is_locked_readers_and_readings_go_on(site: Product) -> None:
    log_in = (
        b"POST /admin/login/ HTTP/1.1\r\nHost: localhost\r\nCookie: csrftoken=" + b"a" * 32 + b"\r\n"
        b"X-CSRFToken: "
        + b"a"
        * 32
        + b"\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 23\r\n\r\n"
        b"username=x&password=yyy"
    )
    with locked(site.var / "propis.sqlite3"), connections(site, 12, log_in) as opened:
        assert all(is_served(site) for _number in range(5))
        opened[0].settimeout(0.5)
        with pytest.raises(TimeoutError):
            opened[0].recv(1)


def test_one_who_asks_for_much_starves_nobody(site: Product) -> None:
    scribble = b'{"strokes": [[' + b",".join(b"[%d,%d]" % (n % 2 * 100, n // 50) for n in range(4_000)) + b"]]}"
    head = (
        b"POST /api/recognize HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\n\r\n"
    )
    with contextlib.ExitStack() as left:
        for _number in range(8):
            greedy = left.enter_context(socket.create_connection(("127.0.0.1", site.port), 30, ("127.0.0.2", 0)))
            greedy.sendall((head % len(scribble) + scribble) * 3)
        assert read_letter(site) == 200
