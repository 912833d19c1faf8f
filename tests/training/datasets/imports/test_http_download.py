"""Downloads from a real server on this machine: with parts, without, broken off, changed, too large, refused."""

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.training.datasets import making
from training.datasets.errors import DatasetError
from training.datasets.imports import http_download
from training.datasets.imports.http_download import PUBLISHER_ARCHIVES, PublisherArchive, download, folder
from training.datasets.models import Dataset


@dataclass
class Server:
    """What the server gives, how it misbehaves, and what it was asked."""

    data: bytes
    tag: str = '"one"'
    knows_parts: bool = True
    drop_after: int = 0
    """Bytes after which a connection is cut, as long as there are more to send."""
    status: int = 0
    asked: list[str] = field(default_factory=list)
    url: str = ""


class Handler(BaseHTTPRequestHandler):
    """Serves it with ranges, as RFC 9110 has them."""

    gives: Server

    def do_GET(self) -> None:
        gives = self.gives
        wanted = self.headers.get("Range", "")
        gives.asked.append(wanted)
        if gives.status:
            self.send_error(gives.status)
            return
        part = gives.knows_parts and wanted and self.headers.get("If-Range") == gives.tag
        first = int(wanted.removeprefix("bytes=").rstrip("-")) if part else 0
        if part and first >= len(gives.data):
            self.send_error(416)
            return
        self.send_response(206 if part else 200)
        self.send_header("ETag", gives.tag)
        self.send_header("Content-Length", str(len(gives.data) - first))
        self.end_headers()
        last = first + gives.drop_after if gives.drop_after else len(gives.data)
        self.wfile.write(gives.data[first:last])

    def log_message(self, *_words: object) -> None:
        """Be quiet."""


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pauses."""
    monkeypatch.setattr(http_download, "PAUSE", 0.0)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server with an archive."""
    gives = Server(making.write_zip(tmp_path / "served.zip", making.folders()).read_bytes())
    handler = type("Gives", (Handler,), {"gives": gives})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as http:
        thread = threading.Thread(target=http.serve_forever, daemon=True)
        thread.start()
        gives.url = f"http://127.0.0.1:{http.server_address[1]}/archive.zip"
        yield gives
        http.shutdown()
        thread.join()


def wanted(server: Server, **changes: object) -> PublisherArchive:
    """The first source, from this server."""
    return replace(PUBLISHER_ARCHIVES[0], url=server.url, **changes)  # type: ignore[arg-type]


def test_file_comes_whole_and_says_how_far_it_is(server: Server) -> None:
    told: list[tuple[int, int]] = []

    path = download(wanted(server), progress=lambda done, total: told.append((done, total)))

    assert path.read_bytes() == server.data
    assert told[-1] == (len(server.data), len(server.data))
    assert [each.name for each in folder().iterdir()] == [PUBLISHER_ARCHIVES[0].file_name]


def test_connection_that_breaks_off_goes_on_where_it_was(server: Server) -> None:
    server.drop_after = len(server.data) // 3

    assert download(wanted(server)).read_bytes() == server.data
    assert server.asked[0] == ""
    assert server.asked[1] == f"bytes={server.drop_after}-"
    assert len(server.asked) == 4


def test_next_run_goes_on_with_what_an_earlier_one_left(server: Server) -> None:
    server.drop_after = 500
    with pytest.raises(DatasetError, match="could not be downloaded"):
        _broken_after_first(server)
    server.drop_after = server.status = 0
    server.asked.clear()

    assert download(wanted(server)).read_bytes() == server.data
    assert server.asked == ["bytes=500-"]


def _broken_after_first(server: Server) -> None:
    def progress(_done: int, _total: int) -> None:
        server.status = 404

    download(wanted(server), progress=progress)


def test_other_version_is_downloaded_from_the_start(server: Server) -> None:
    server.drop_after = 500
    with pytest.raises(DatasetError, match="could not be downloaded"):
        _broken_after_first(server)
    server.data, server.tag, server.drop_after, server.status = b"something else", '"two"', 0, 0

    assert download(wanted(server)).read_bytes() == b"something else"


def test_server_without_parts_gives_all_again(server: Server) -> None:
    server.drop_after = 500
    with pytest.raises(DatasetError, match="could not be downloaded"):
        _broken_after_first(server)
    server.knows_parts, server.drop_after, server.status = False, 0, 0

    assert download(wanted(server)).read_bytes() == server.data


def test_what_is_here_of_a_longer_file_is_thrown_away(server: Server) -> None:
    part = folder() / f"{PUBLISHER_ARCHIVES[0].file_name}.part"
    part.write_bytes(bytes(len(server.data) + 7))
    part.with_suffix(".json").write_text(f'{{"url": "{server.url}", "mark": "\\"one\\""}}')

    assert download(wanted(server)).read_bytes() == server.data


def test_checksum_is_held(server: Server) -> None:
    good = hashlib.sha256(server.data).hexdigest()
    assert download(wanted(server), sha256=good.upper()).exists()

    with pytest.raises(DatasetError, match=f"has the SHA-256 {good}, not the expected one"):
        download(wanted(server), sha256="0" * 64)


@pytest.mark.parametrize("most", [10, 1000])
def test_larger_file_is_refused(most: int, server: Server) -> None:
    with pytest.raises(DatasetError, match="is larger than"):
        download(wanted(server, most_bytes=most))


@pytest.mark.parametrize("status", [403, 404, 410, 503])
def test_refusal_is_one_sentence(status: int, server: Server) -> None:
    server.status = status

    with pytest.raises(DatasetError, match=f"could not be downloaded: HTTP Error {status}"):
        download(wanted(server))

    assert len(server.asked) == (http_download.TRIES if status == 503 else 1)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/none.zip", "no address", "file:///etc/passwd"])
def test_address_that_leads_nowhere_is_one_sentence(url: str) -> None:
    with pytest.raises(DatasetError, match="could not be downloaded"):
        download(replace(PUBLISHER_ARCHIVES[0], url=url))


@pytest.mark.django_db
def test_command_shows_the_licence_and_imports(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("download_dataset", "comnist", "--url", server.url, "--json")

    out, err = capsys.readouterr()
    assert "CC BY-SA 4.0" in err
    assert "other pictures than those that the figures" in err
    assert '"as_measured": false' in out
    assert '"pictures": 24' in out
    dataset = Dataset.objects.get(name="comnist")
    assert (dataset.licence, dataset.pictures) == ("CC BY-SA 4.0", 24)


@pytest.mark.django_db
def test_command_says_nothing_of_what_has_not_changed(
    server: Server, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    call_command("download_dataset", "comnist", "--url", server.url, "--name", "first")
    known = Dataset.objects.get().content_sha256
    monkeypatch.setattr(http_download, "PUBLISHER_ARCHIVES", (replace(PUBLISHER_ARCHIVES[0], content_sha256=known),))

    capsys.readouterr()

    call_command("download_dataset", "comnist", "--url", server.url, "--json")

    out, err = capsys.readouterr()
    assert '"as_measured": true' in out
    assert "other pictures" not in err
    assert Dataset.objects.filter(content_sha256=known).count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["mnist"], "There is no archive “mnist” to download"), (["comnist", "--name", "/"], "A name")],
)
def test_command_says_what_is_wrong(arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("download_dataset", *arguments)
