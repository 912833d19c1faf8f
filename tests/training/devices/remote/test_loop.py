"""The agent against a small server that answers as it is told: altered files, an absent server, refusals."""

import hashlib
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from training.devices import agent as command_line
from training.devices import remote
from training.devices.remote import commands
from training.devices.remote.home import KEPT_FILES, Home, HomeError
from training.devices.remote.loop import AgentLoop, FatalError
from training.devices.remote.site import Site, waits

SHORT_BY = 1_000
"""Bytes that a `Cut` answer lacks of what its header promises."""
NOTHING = {"job": None, "waiting": False}
WORKLOAD = {"precision": "fp32", "backend": "numpy", "images": 5, "batch_size": 1, "repeats": 1, "sustained_seconds": 0}
Answer = tuple[int, Any]


class Cut(bytes):
    """An answer whose connection ends before its end."""


@dataclass
class Script:
    """What the server says at each path, the last answer again and again; and what it was sent."""

    answers: dict[str, list[Answer]]
    sent: list[tuple[str, Any]] = field(default_factory=list)
    url: str = ""

    def answer(self, path: str, body: Any) -> Answer:
        """The next answer of a path."""
        self.sent.append((path, body))
        waiting = self.answers[path]
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]


@pytest.fixture
def serve() -> Iterator[Callable[[dict[str, list[Answer]]], Script]]:
    """Start a server that follows a script."""
    started: list[ThreadingHTTPServer] = []

    def start(answers: dict[str, list[Answer]]) -> Script:
        script = Script(answers)

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = json.loads(self.rfile.read(length)) if length else None
                status, content = script.answer(self.path.removeprefix("/api/devices/"), body)
                data = content if isinstance(content, bytes) else json.dumps(content).encode()
                self.send_response(status)
                promised = len(data) + SHORT_BY if isinstance(content, Cut) else len(data)
                self.send_header("Content-Length", str(promised))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST  # noqa: N815

            def log_message(self, *_arguments: Any) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        started.append(server)
        script.url = f"http://127.0.0.1:{server.server_port}"
        return script

    yield start
    for server in started:
        server.shutdown()
        server.server_close()


def agent(script: Script, folder: Path, slept: list[float] | None = None) -> AgentLoop:
    """An agent that sleeps as long as it takes to write it down."""
    noted = [] if slept is None else slept
    return AgentLoop(Site(script.url, "token"), Home(folder), sleep=noted.append)


def job(content: bytes) -> Any:
    """A job whose two files are these bytes."""
    digest = hashlib.sha256(content).hexdigest()
    return {
        "id": 7, "attempt": 1, "workload": WORKLOAD, "model": {"name": "m", "sha256": digest}, "measure_disk": False,
        "inputs": {"sha256": digest}, "heartbeat_seconds": 10,
    }  # fmt: skip


def test_a_file_that_is_altered_on_the_way(serve: Any, tmp_path: Path) -> None:
    wanted = job(b"the right bytes")
    path = f"files/{wanted['model']['sha256']}"
    next_jobs = [(200, {"job": wanted, "waiting": True}), (200, NOTHING)]
    script = serve({"next": next_jobs, path: [(200, b"the wrong bytes")], "jobs/7/end": [(200, {})]})
    agent(script, tmp_path).run(once=True)
    [end] = [body for where, body in script.sent if where == "jobs/7/end"]
    assert end["outcome"] == "failed"
    assert "other bytes 3 times" in end["why"]
    assert sum(where == path for where, _body in script.sent) == 3
    assert not list((tmp_path / "files").iterdir())


def test_a_file_that_is_cut_short_is_fetched_again(serve: Any, tmp_path: Path) -> None:
    wanted = job(b"no model, but the right bytes")
    path = f"files/{wanted['model']['sha256']}"
    next_jobs = [(200, {"job": wanted, "waiting": True}), (200, NOTHING)]
    files = [(200, Cut(b"no model,")), (200, b"no model,"), (200, b"no model, but the right bytes")]
    script = serve({"next": next_jobs, path: files, "jobs/7/end": [(200, {})]})
    slept: list[float] = []
    agent(script, tmp_path, slept).run(once=True)
    assert (sum(where == path for where, _body in script.sent), len(slept)) == (3, 1)
    [end] = [body for where, body in script.sent if where == "jobs/7/end"]
    assert "other bytes" not in end["why"], "the file came whole; that it is no model was found out by measuring"


@pytest.mark.parametrize("year", [1970, 2099])
def test_a_clock_that_is_wrong_by_years(serve: Any, tmp_path: Path, year: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept from when the clock was right, or wronger, displaces nothing; no time of the device's is sent."""
    now = (year - 1970) * 365 * 86_400.0
    monkeypatch.setattr(time, "time", lambda: now)
    home = Home(tmp_path)
    names = []
    for number in range(KEPT_FILES + 3):
        content = b"%d" % number
        kept = home.keep_file(hashlib.sha256(content).hexdigest(), content)
        assert kept is not None
        assert kept.exists()
        shift = 10 * 365 * 86_400 * (-number if year == 1970 else number)
        os.utime(kept, (1e9 + shift, 1e9 + shift))
        names.append(kept.name)
    assert sorted(path.name for path in (tmp_path / "files").iterdir()) == sorted(names[3:]), "those used last"
    home.put_result("some-id", {"job": 7, "post": {"id": "some-id", "attempt": 1}})
    script = serve({"jobs/7/result": [(200, {"words": "accepted"})], "next": [(200, NOTHING)]})
    agent(script, tmp_path).run(once=True)
    assert script.sent == [("jobs/7/result", {"id": "some-id", "attempt": 1}), ("next", {})]


def test_a_kept_file_that_was_altered_is_fetched_again(tmp_path: Path) -> None:
    home = Home(tmp_path)
    digest = hashlib.sha256(b"right").hexdigest()
    kept = home.keep_file(digest, b"right")
    assert kept is not None
    assert home.file(digest) == kept
    kept.write_bytes(b"righ")
    assert home.file(digest) is None
    assert not kept.exists()


def test_a_result_is_kept_until_the_server_is_back(serve: Any, tmp_path: Path) -> None:
    Home(tmp_path).put_result("some-id", {"job": 7, "post": {"id": "some-id"}})
    away: list[Answer] = [(503, {"error": "busy"}), (502, b"<html>"), (429, {"error": "slowly"})]
    script = serve({"jobs/7/result": [*away, (200, {"words": "accepted"})], "next": [(200, NOTHING)]})
    slept: list[float] = []
    agent(script, tmp_path, slept).run(once=True)
    assert [where for where, _body in script.sent] == ["jobs/7/result"] * 4 + ["next"]
    assert len(slept) == 3
    assert 1.5 < slept[0] < slept[1] < slept[2] < 10, "longer and longer"
    assert Home(tmp_path).results() == []


@pytest.mark.parametrize("status", [404, 409, 413, 422])
def test_a_result_that_is_refused_is_dropped(serve: Any, tmp_path: Path, status: int) -> None:
    Home(tmp_path).put_result("some-id", {"job": 7, "post": {}})
    script = serve({"jobs/7/result": [(status, {"error": "no"})], "next": [(200, NOTHING)]})
    agent(script, tmp_path).run(once=True)
    assert Home(tmp_path).results() == []


@pytest.mark.parametrize("status", [401, 426])
def test_a_device_that_is_not_let_in_ends(serve: Any, tmp_path: Path, status: int) -> None:
    Home(tmp_path).put_result("some-id", {"job": 7, "post": {}})
    script = serve({"jobs/7/result": [(status, {"error": "Its token was revoked."})]})
    with pytest.raises(FatalError, match="revoked"):
        agent(script, tmp_path).run(once=True)
    assert len(Home(tmp_path).results()) == 1, "kept, should it be let in again"


def test_a_damaged_result_does_not_stop_the_agent(serve: Any, tmp_path: Path) -> None:
    Home(tmp_path)
    (tmp_path / "results" / "cut.json").write_text('{"job": 7, "po')
    script = serve({"next": [(200, NOTHING)]})
    agent(script, tmp_path).run(once=True)
    assert Home(tmp_path).results() == []


def test_one_agent_has_a_folder(tmp_path: Path) -> None:
    first, second = Home(tmp_path), Home(tmp_path)
    first.lock()
    with pytest.raises(HomeError, match="Another agent"):
        second.lock()


def test_the_token_is_for_its_owner_alone(tmp_path: Path) -> None:
    home = Home(tmp_path / "device")
    home.remember("http://site", "secret", "Pi")
    assert (tmp_path / "device" / "device.json").stat().st_mode & 0o077 == 0
    assert home.device() == {"url": "http://site", "token": "secret", "name": "Pi"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run"], "no device yet"),
        (["worker"], "no device yet"),
        (["join", "file:///etc/passwd", "CODE"], "begins with http"),
    ],
)
def test_commands_that_cannot_go_on(
    words: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command_line.main([*words, "--folder", str(tmp_path)]) == commands.CANNOT_GO_ON
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "say it once by --broker"),
        (["--broker", "amqp://user@host"], "redis://USER"),
        (["--broker", "redis://host"], "USER"),
    ],
)
def test_a_worker_without_a_queue(
    words: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Home(tmp_path).remember("http://site", "secret", "Pi")
    assert command_line.main(["worker", *words, "--folder", str(tmp_path)]) == commands.CANNOT_GO_ON
    assert said in capsys.readouterr().err
    assert not (tmp_path / "broker.json").exists()


def test_a_device_that_has_no_celery(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "celery", None)
    monkeypatch.delitem(sys.modules, "training.devices.remote.celery_worker", raising=False)
    monkeypatch.delattr(remote, "celery_worker", raising=False)
    assert command_line.main(["worker", "--folder", str(tmp_path)]) == commands.CANNOT_GO_ON
    assert 'pip install "celery[redis]"' in capsys.readouterr().err


def test_a_unit_for_systemd(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.main(["unit", "--folder", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert f"run --folder {tmp_path}" in printed
    assert f"RestartPreventExitStatus={commands.CANNOT_GO_ON}" in printed


def test_an_agent_finds_the_device_in_whose_folder_it_lies(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def folder() -> str:
        assert command_line.main(["unit"]) == 0
        return capsys.readouterr().out.split("--folder ")[1].split()[0]

    monkeypatch.delenv("PROPIS_DEVICE", raising=False)
    monkeypatch.setattr(sys, "argv", [str(tmp_path / "agent.pyz")])
    assert folder() == str(commands.FOLDER), "this is no device yet"
    Home(tmp_path).remember("http://site", "secret", "Pi")
    assert folder() == str(tmp_path)
    monkeypatch.setenv("PROPIS_DEVICE", "/srv/device")
    assert folder() == "/srv/device"


def test_waits_are_bounded() -> None:
    longest = [seconds for seconds, _number in zip(waits(), range(20), strict=False)]
    assert max(longest) <= 1.1 * 300
