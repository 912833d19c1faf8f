"""Requests that another process answers: how they get there, and how the answers come back.

Web processes hold one end of a pair of sockets, page processes the other. Who asks sends a socket of the request's own
through it, and any page process with a free thread takes it: what waits is not lost while one of them is replaced, and
who asked one that ends sees the end of that socket at once. Large bodies and answers go along as open files.
"""

import errno
import io
import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle, send_handle
from pathlib import Path
from typing import IO, Any, TypeVar

from django.core.files.base import File

from hwrsite.web_server.bodies import IN_MEMORY
from hwrsite.web_server.refusals import RefusedError
from hwrsite.web_server.wsgi import Answer, of_this_process

GONE = 503
"""What a visitor is told whose request was with a process that ended: to come again."""
CHANGE_NOTHING = ("GET", "HEAD", "OPTIONS")
"""Methods of requests that may be asked twice; their bodies, if any, are read by no page."""
OPEN_FILES = (io.BufferedReader, io.BufferedRandom, io.FileIO, tempfile.SpooledTemporaryFile)
"""Kinds of file whose bytes are those that the system reads, so that another process may read on."""
Environ = Mapping[str, Any]
Line = Connection
T = TypeVar("T")


class Calls:
    """The end of who asks."""

    def __init__(self, asking: socket.socket) -> None:
        """Take it."""
        self._asking = asking

    def answer(self, environ: Environ) -> Answer:
        """Have a request answered; one that changes nothing is asked once more where the process that had it ends.

        Raises:
            RefusedError: the process that was to answer ended before it had.

        """
        changes_nothing = environ["REQUEST_METHOD"] in CHANGE_NOTHING
        return self._ask(environ, environ["wsgi.input"], _receive_answer, again=changes_nothing)

    def may_send(self, environ: Environ) -> int:
        """How many bytes the sender of a request may send.

        Raises:
            RefusedError: the process that was to answer ended before it had.

        """
        return self._ask(environ, None, lambda line: int(line.recv()), again=True)

    def _ask(self, environ: Environ, body: IO[bytes] | None, receive: Callable[[Line], T], *, again: bool) -> T:
        ours, theirs = socket.socketpair()
        with ours, theirs:
            socket.send_fds(self._asking, [b"?"], [theirs.fileno()])
            line = Connection(ours.detach())
        with line:
            try:
                _send_request(line, environ, body)
                return receive(line)
            except (EOFError, ConnectionError):
                if not again:
                    raise RefusedError(GONE) from None
        return self._ask(environ, body, receive, again=False)


class Answering:
    """The end of who answers.

    Attributes:
        answer: gives the site's answer to a request.
        may_send: says how many bytes the sender of a request may send.
        folder: for large answers; the files have no name.

    """

    def __init__(
        self,
        answering: socket.socket,
        *,
        answer: Callable[[dict[str, Any]], Answer],
        may_send: Callable[[Environ], int],
        folder: Path,
    ) -> None:
        """Take it."""
        self._answering, self._answer, self._may_send, self._folder = answering, answer, may_send, folder

    def wait(self) -> Line:
        """Wait for a request, and take it.

        Raises:
            OSError: it could not be taken, as this process has too many open files; who asked is told so.

        """
        _mark, descriptors, _flags, _address = socket.recv_fds(self._answering, 1, 1)
        if not descriptors:
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        return Connection(descriptors[0])

    def serve(self, line: Line) -> None:
        """Answer the request of a line."""
        environ, wants_answer = _receive_request(line)
        if wants_answer:
            with environ["wsgi.input"]:
                answer = self._answer(environ)
            try:
                _send_answer(line, answer, self._folder)
            finally:
                answer.close()
        else:
            line.send(self._may_send(environ))


def _send_request(line: Line, environ: Environ, body: IO[bytes] | None) -> None:
    """Send a request with its body; without one how much may be sent is asked for."""
    left_out = {"wsgi.input", *of_this_process()}
    told = {name: value for name, value in environ.items() if name not in left_out}
    if body is None:
        line.send((told, False, b""))
    elif int(environ["CONTENT_LENGTH"]) <= IN_MEMORY:
        line.send((told, True, body.read()))
    else:
        line.send((told, True, None))
        _send_file(line, body)


def _receive_request(line: Line) -> tuple[dict[str, Any], bool]:
    told, wants_answer, body = line.recv()
    file: IO[bytes] = _receive_file(line) if body is None else io.BytesIO(body)
    return told | of_this_process() | {"wsgi.input": file}, wants_answer


def _send_answer(line: Line, answer: Answer, folder: Path) -> None:
    line.send((answer.status, answer.headers, answer.body, answer.lane, answer.file is not None))
    if answer.file is not None:
        with _open_file(answer.file, folder) as file:
            _send_file(line, file)


def _receive_answer(line: Line) -> Answer:
    status, headers, body, lane, has_file = line.recv()
    answer = Answer(status, headers, body, lane=lane)
    if has_file:
        answer.file = _receive_file(line)
        answer.close = answer.file.close
    return answer


@contextmanager
def _open_file(file: IO[bytes], folder: Path) -> Iterator[IO[bytes]]:
    """A file that the system has open, with what is left of this one: itself, or a copy."""
    inner: Any = file
    while isinstance(inner, File):
        inner = inner.file
    if isinstance(inner, OPEN_FILES):
        yield inner
        return
    with tempfile.TemporaryFile(dir=str(folder)) as copy:
        shutil.copyfileobj(inner, copy)
        copy.seek(0)
        yield copy


def _send_file(line: Line, file: IO[bytes]) -> None:
    file.flush()
    os.lseek(file.fileno(), file.tell(), os.SEEK_SET)  # what a buffer has read ahead is to be read again
    send_handle(line, file.fileno(), None)


def _receive_file(line: Line) -> IO[bytes]:
    return os.fdopen(recv_handle(line), "rb")
