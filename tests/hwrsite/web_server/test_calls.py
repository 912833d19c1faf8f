"""Requests that another process answers arrive whole, and so do the answers, in memory or as files."""

import contextlib
import gc
import gzip
import io
import resource
import select
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any

import pytest
from django.core.files.base import ContentFile, File
from whitenoise.responders import SlicedFile

from hwrsite.web_server.bodies import IN_MEMORY
from hwrsite.web_server.calls import Answering, Calls
from hwrsite.web_server.refusals import RefusedError
from hwrsite.web_server.wsgi import Answer, environment

Site = Callable[[dict[str, Any]], Answer]
SCOPE = {
    "method": "POST", "raw_path": b"/data/", "query_string": b"page=2", "http_version": "1.1", "scheme": "http",
    "server": ("localhost", 80), "client": ("10.0.0.1", 5), "headers": [(b"cookie", b"a=1")],
}  # fmt: skip
TEXT = bytes(range(256)) * 5_000


class Process:
    """Both ends, the answering one in a thread."""

    def __init__(self, folder: Path) -> None:
        """Open the pair of sockets."""
        asking, self.answering = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.calls, self._asking, self._folder = Calls(asking), asking, folder

    def close(self) -> None:
        """Close both."""
        self._asking.close()
        self.answering.close()

    def ask(self, site: Site, body: bytes = b"") -> Answer:
        """Have a site in another thread answer a request."""
        with self._answering(site, lambda _environ: 0), SpooledTemporaryFile(IN_MEMORY) as file:
            file.write(body)
            file.seek(0)
            told = {"wsgi.input": file, "CONTENT_LENGTH": str(len(body))}
            return self.calls.answer(environment(SCOPE) | told)

    def send(self, method: str) -> Answer:
        """Send a request without a body, which the test itself answers."""
        told = {"REQUEST_METHOD": method, "CONTENT_LENGTH": "0", "wsgi.input": io.BytesIO()}
        return self.calls.answer(environment(SCOPE) | told)

    def may_send(self, limit: Callable[[Any], int]) -> int:
        """Ask how much may be sent."""
        with self._answering(lambda _environ: Answer(500, []), limit):
            return self.calls.may_send(environment(SCOPE))

    def _answering(self, site: Site, limit: Callable[[Any], int]) -> "Served":
        return Served(Answering(self.answering, answer=site, may_send=limit, folder=self._folder))


class Served:
    """One request answered in a thread, as long as the block lasts."""

    def __init__(self, answering: Answering) -> None:
        """Make the thread."""
        self._thread = threading.Thread(target=self._serve, args=(answering,))

    def _serve(self, answering: Answering) -> None:
        with answering.wait() as line:
            answering.serve(line)

    def __enter__(self) -> None:
        """Start it."""
        self._thread.start()

    def __exit__(self, *_error: object) -> None:
        """Wait for its end."""
        self._thread.join()


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Process]:
    """An open pair."""
    made = Process(tmp_path)
    yield made
    made.close()


def echo(environ: dict[str, Any]) -> Answer:
    """Give back the body, and who asked for what."""
    asked = [environ[name] for name in ("REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "REMOTE_ADDR", "HTTP_COOKIE")]
    return Answer(201, [(b"x-asked", " ".join(asked).encode())], environ["wsgi.input"].read())


@pytest.mark.parametrize("size", [0, 1, IN_MEMORY, IN_MEMORY + 1, len(TEXT)])
def test_a_request_arrives_whole_and_its_answer_comes_back(process: Process, size: int) -> None:
    answer = process.ask(echo, TEXT[:size])
    assert (answer.status, answer.lane, answer.file) == (201, None, None)
    assert answer.headers == [(b"x-asked", b"POST /data/ page=2 10.0.0.1 a=1")]
    assert answer.body == TEXT[:size]


def test_another_lane_is_named(process: Process) -> None:
    assert process.ask(lambda _environ: Answer(200, [], lane="heavy")).lane == "heavy"


def on_disk(folder: Path) -> IO[bytes]:
    """A file that has been read from already."""
    (folder / "text").write_bytes(b"head" + TEXT)
    file = (folder / "text").open("rb")
    assert file.read(4) == b"head"
    return file


def spooled(_folder: Path) -> IO[bytes]:
    """One that is in memory as yet."""
    file: IO[bytes] = SpooledTemporaryFile(2 * len(TEXT))  # noqa: SIM115  (the test closes it)
    file.write(TEXT)
    file.seek(0)
    return file


def packed(folder: Path) -> IO[bytes]:
    """One whose bytes are not those on the disk."""
    (folder / "text.gz").write_bytes(gzip.compress(TEXT))
    return gzip.open(folder / "text.gz")  # type: ignore[return-value]


def sliced(folder: Path) -> IO[bytes]:
    """A range of one."""
    (folder / "text").write_bytes(b"head" + TEXT + b"tail")
    file: IO[bytes] = SlicedFile((folder / "text").open("rb"), 4, 3 + len(TEXT))
    return file


def in_memory(_folder: Path) -> IO[bytes]:
    """No file at all."""
    return io.BytesIO(TEXT)


def of_the_store(folder: Path) -> IO[bytes]:
    """Django's, around one on the disk."""
    (folder / "text").write_bytes(TEXT)
    return File((folder / "text").open("rb"))


def of_content(_folder: Path) -> IO[bytes]:
    """Django's, around none."""
    return ContentFile(TEXT)


@pytest.mark.parametrize("opened", [on_disk, spooled, packed, sliced, in_memory, of_the_store, of_content])
def test_an_answer_may_be_any_file(process: Process, tmp_path: Path, opened: Callable[[Path], IO[bytes]]) -> None:
    file, closed = opened(tmp_path), list[bool]()
    answer = process.ask(lambda _environ: Answer(200, [], file=file, close=lambda: closed.append(True)))
    assert closed == [True], "the site is told that it is done"
    file.close()
    assert answer.file is not None
    assert answer.file.read() == TEXT
    answer.close()
    assert answer.file.closed
    assert not [path for path in tmp_path.iterdir() if path.name not in ("text", "text.gz")]


def test_how_much_may_be_sent_is_asked_for(process: Process) -> None:
    assert process.may_send(lambda environ: int(environ["QUERY_STRING"] == "page=2") * 7) == 7


@pytest.mark.parametrize("reads", [False, True], ids=["before it reads", "before it answers"])
@pytest.mark.parametrize(("method", "asked"), [("POST", 1), ("PUT", 1), ("DELETE", 1), ("GET", 2), ("HEAD", 2)])
def test_the_request_of_a_process_that_ends_is_asked_again_where_it_changes_nothing(
    process: Process, method: str, asked: int, *, reads: bool
) -> None:
    ended = list[bool]()

    def end() -> None:
        for _time in range(asked):
            _mark, [descriptor], _flags, _address = socket.recv_fds(process.answering, 1, 1)
            with socket.socket(fileno=descriptor) as line:
                if reads:
                    line.recv(100_000)
            ended.append(True)

    thread = threading.Thread(target=end)
    thread.start()
    with pytest.raises(RefusedError) as refused:
        process.send(method)
    thread.join()
    assert refused.value.status == 503
    assert len(ended) == asked
    assert not select.select([process.answering], [], [], 0)[0], "nobody asks for it any more"


def test_another_process_answers_what_changes_nothing(process: Process) -> None:
    def end_and_answer() -> None:
        _mark, [descriptor], _flags, _address = socket.recv_fds(process.answering, 1, 1)
        socket.socket(fileno=descriptor).close()
        answering = Answering(process.answering, answer=echo, may_send=lambda _environ: 0, folder=Path())
        with answering.wait() as line:
            answering.serve(line)

    thread = threading.Thread(target=end_and_answer)
    thread.start()
    assert process.send("GET").headers == [(b"x-asked", b"GET /data/ page=2 10.0.0.1 a=1")]
    thread.join()


def test_a_process_with_too_many_open_files_takes_no_request_and_who_asked_is_told(process: Process) -> None:
    refused = list[int]()

    def ask() -> None:
        with pytest.raises(RefusedError) as error:
            process.send("POST")
        refused.append(error.value.status)

    thread = threading.Thread(target=ask)
    answering = Answering(process.answering, answer=echo, may_send=lambda _environ: 0, folder=Path())
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    thread.start()
    assert select.select([process.answering], [], [], 900)[0], "the request is on its way"
    with contextlib.ExitStack() as opened:
        gc.collect()  # what nobody holds any more must not be closed just now
        highest = max(opened.enter_context(Path("/dev/null").open()).fileno() for _number in range(3))
        resource.setrlimit(resource.RLIMIT_NOFILE, (highest + 1, limits[1]))
        try:
            with contextlib.suppress(OSError):  # places of files that were closed before
                while True:
                    opened.enter_context(Path("/dev/null").open())
            with pytest.raises(OSError, match="Too many open files"):
                answering.wait()
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    thread.join()
    assert refused == [503]
