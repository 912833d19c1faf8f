"""From a whole request to the site's answer, in a thread: a visitor's speed does not matter here any more."""

import logging
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any, TypeVar
from urllib.parse import unquote_to_bytes
from wsgiref.util import FileWrapper

from hwrsite.web_server.patience import MIB
from recognizer.lanes import OTHER_LANE, TOGETHER

logger = logging.getLogger(__name__)
T = TypeVar("T")
IN_MEMORY = MIB
"""Bytes of an answer beyond which it is written to a file first, until its visitor has taken it."""
Headers = list[tuple[bytes, bytes]]
Begun = tuple[int, Headers, Iterable[bytes]]
"""Status, headers, and the body as far as the site has made it."""
Site = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass
class Answer:
    """What the site answers; `file` is at its beginning, and `close` tells the site that it is done.

    `lane` is another one that the request is to be brought through again.
    """

    status: int
    headers: Headers
    body: bytes = b""
    file: IO[bytes] | None = None
    close: Callable[[], None] = lambda: None
    lane: str | None = None


def of_this_process() -> dict[str, Any]:
    """What each process puts into an environment itself, beside the body."""
    return {"wsgi.errors": sys.stderr, "wsgi.file_wrapper": FileWrapper}


def environment(scope: Mapping[str, Any]) -> dict[str, Any]:
    """The WSGI environment of a request, without its body."""
    host, port = scope["server"] or ("", 0)
    found = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "REMOTE_ADDR": scope["client"][0] if scope["client"] else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **of_this_process(),
    }
    for name, value in scope["headers"]:
        _add_header(found, name.decode("latin-1"), value.decode("latin-1"))
    return found


def _add_header(environ: dict[str, Any], name: str, value: str) -> None:
    if "_" in name:  # it would look like another header, one that a proxy sets, perhaps
        return
    key = name.upper().replace("-", "_")
    if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        key = f"HTTP_{key}"
    joint = "; " if key == "HTTP_COOKIE" else ","
    environ[key] = f"{environ[key]}{joint}{value}" if key in environ else value


def respond(site: Site, environ: dict[str, Any], folder: Path) -> Answer:
    """Let the site answer; what it makes while it is asked for is made to its end."""
    return _whole(_begun(site, environ), environ, folder)


def respond_together(site: Site, folder: Path, environs: Sequence[dict[str, Any]]) -> list[Answer | Exception]:
    """Let the site answer several requests, and leave to the end what it does for all of them at once."""
    shared: dict[Any, Any] = {}
    given = [environ | {TOGETHER: shared} for environ in environs]
    begun = [_tried(partial(_begun, site, environ)) for environ in given]
    return [
        one if isinstance(one, Exception) else _tried(partial(_ended, site, one, environ, folder))
        for one, environ in zip(begun, given, strict=True)
    ]


def _ended(site: Site, begun: Begun, environ: dict[str, Any], folder: Path) -> Answer:
    """The whole answer; where it cannot be had together with others, the one that the request has by itself."""
    try:
        return _whole(begun, environ, folder)
    except Exception:
        logger.exception("%s: what is done for several requests at once failed", environ["PATH_INFO"])
        environ["wsgi.input"].seek(0)
        return respond(site, {name: value for name, value in environ.items() if name != TOGETHER}, folder)


def _tried(work: Callable[[], T]) -> T | Exception:
    try:
        return work()
    except Exception as error:
        return error


def _begun(site: Site, environ: dict[str, Any]) -> Begun:
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        started.append((status, headers))

    result = site(environ, start_response)
    status, headers = started[-1]
    return int(status.split()[0]), _encoded(headers), result


def _whole(begun: Begun, environ: dict[str, Any], folder: Path) -> Answer:
    status, headers, result = begun
    answer = Answer(status, headers, lane=environ.get(OTHER_LANE))
    if isinstance(result, FileWrapper) and environ["REQUEST_METHOD"] != "HEAD":
        answer.file, answer.close = result.filelike, result.close
    else:
        _take(result, answer, folder, is_wanted=environ["REQUEST_METHOD"] != "HEAD")
    return answer


def _encoded(headers: Iterable[tuple[str, str]]) -> Headers:
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]


def _take(result: Iterable[bytes], answer: Answer, folder: Path, *, is_wanted: bool) -> None:
    """Take an answer that comes in pieces, and say how long it is."""
    body = tempfile.SpooledTemporaryFile(IN_MEMORY, dir=str(folder))  # noqa: SIM115  (it is closed when it has been sent)
    try:
        for piece in result if is_wanted else ():
            body.write(piece)
    except BaseException:
        body.close()
        raise
    finally:
        getattr(result, "close", lambda: None)()
    length = body.tell()
    body.seek(0)
    if (
        is_wanted
        and answer.status not in (204, 304)
        and not any(name == b"content-length" for name, _ in answer.headers)
    ):
        answer.headers.append((b"content-length", str(length).encode()))
    if length <= IN_MEMORY:
        answer.body = body.read()
        body.close()
    else:
        answer.file, answer.close = body, body.close
