"""The product's web server, as `make run` starts it, with state in a folder of its own."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.harness import ROOT, BenchmarkRunError, clean_environment

START_SECONDS = 600
"""A busy machine sets up a database in minutes; a server that cannot start ends at once."""


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int
    environment: dict[str, str]


@contextlib.contextmanager
def running(*, processes: int = 1, **more: str) -> Iterator[Server]:
    """A server with the shipped model in service; no client is ever told to slow down. `more` environment."""
    with tempfile.TemporaryDirectory(prefix="propis-bench-") as folder:
        environment = clean_environment(
            PROPIS_VAR=folder, PROPIS_RECOGNIZE_RATE="1000000/s", PROPIS_WEB_PROCESSES=str(processes), **more
        )
        for name in ("DATABASE_URL", "BROKER_URL", "CACHE_URL"):
            environment.pop(name, None)
        port = _free_port()
        words = ["manage.py", "start", "--only", "web", "--port", str(port)]
        log = Path(folder) / "bench.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, *words],
                cwd=ROOT,
                env=environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        try:
            _wait(port, process, log)
            yield Server(port, environment)
        finally:
            _stop(process)


def _wait(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < end:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=START_SECONDS).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise BenchmarkRunError(f"The server has not answered: {log.read_text(encoding='utf-8', errors='replace')[-2000:]}")


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def shell(server: Server, script: str) -> Any:
    """Run a script with the product's tables; what its last line is, as JSON."""
    return json.loads(manage(server, "shell", "--verbosity", "0", "--command", script).strip().splitlines()[-1])


def manage(server: Server, *words: str) -> str:
    """Run a management command against a server's state, and return what it prints.

    Raises:
        BenchmarkRunError: it failed.

    """
    command = [sys.executable, "manage.py", *words]
    done = subprocess.run(
        command, cwd=ROOT, env=server.environment, text=True, capture_output=True, timeout=900, check=False
    )
    if done.returncode:
        raise BenchmarkRunError(f"manage.py {words[0]}: {done.stderr.strip()[-2000:]}")
    return done.stdout


def serving(server: Server) -> list[int]:
    """Process ids of the web server's processes that serve."""
    mine = f"PROPIS_VAR={server.environment['PROPIS_VAR']}".encode()
    found = []
    for folder in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            is_web = folder.name.isdigit() and b"propis: web" in (folder / "cmdline").read_bytes()
            if is_web and mine in (folder / "environ").read_bytes().split(b"\0") and _serves(folder):
                found.append(int(folder.name))
    return found


def _serves(folder: Path) -> bool:
    """Whether a process of /proc has an event loop already: before that it imports the site."""
    return any("eventpoll" in str(descriptor.readlink()) for descriptor in (folder / "fd").iterdir())
