"""The whole product in processes of its own, as a person starts it, for tests."""

import contextlib
import fcntl
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import psycopg
import pytest

from tests.console import Console

T = TypeVar("T")
ROOT = Path(__file__).resolve().parent.parent
POSTGRES = os.environ.get("PROPIS_TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432/postgres")
ADMIN_PASSWORD = "test-password-1917"
FIRST_PORT, PORTS = 12_000, 20_000
LOOK_SECONDS = 0.1
"""Between two looks at something that is waited for: some go through all processes or connect to PostgreSQL."""


@dataclass
class Product:
    """A product with state in its own folder; `start` runs `manage.py start`, `work` a part of it."""

    var: Path
    environment: dict[str, str]
    port: int = 0
    process: subprocess.Popen[str] | None = None
    log: Path = field(init=False)
    _console: Console | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        """Choose where the output goes."""
        self.log = self.var / "output.log"

    @property
    def url(self) -> str:
        """Address of the site."""
        return f"http://127.0.0.1:{self.port}"

    def manage(self, *words: str, check: bool = True, timeout: float = 900) -> subprocess.CompletedProcess[str]:
        """Run a management command against this product's state."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.environment,
            text=True,
            capture_output=True,
            timeout=timeout,
            check=False,
        )
        if check:
            assert done.returncode == 0, f"{words}: {done.stderr}"
        return done

    def manage_json(self, *words: str, timeout: float = 900) -> dict[str, Any]:
        """Run a management command with --json and read what it prints."""
        answer: dict[str, Any] = json.loads(self.manage(*words, "--json", timeout=timeout).stdout)
        return answer

    def run(self, code: str) -> "subprocess.CompletedProcess[str]":
        """Run code against this product's state in a fork of a process that waits for it, as `manage.py shell` does."""
        if self._console is None or not self._console.is_open:
            self.close()
            self._console = Console(self.environment)
        return self._console.run(code)

    def call(self, *words: str) -> str:
        """Run a management command to its end like this; return what it prints. `manage` costs a start each time."""
        done = self.run(
            f"from django.core.management import execute_from_command_line as run; run({['manage.py', *words]})"
        )
        assert done.returncode == 0, f"{words}: {done.stderr}"
        return done.stdout

    def call_json(self, *words: str) -> dict[str, Any]:
        """Run a management command with --json like this and read what it prints."""
        answer: dict[str, Any] = json.loads(self.call(*words, "--json"))
        return answer

    def close(self) -> None:
        """End the process that waits for code."""
        if self._console is not None:
            self._console.close()
            self._console = None

    def start(self, *words: str, wait: float = 900) -> None:
        """Start it and wait until it answers."""
        self.port = self.port or free_port()
        process = self.begin("start", "--port", str(self.port), *words)
        end = time.monotonic() + wait
        while not self.answers():
            assert process.poll() is None, f"it ended: {self.output()}"
            assert time.monotonic() < end, f"no answer within {wait} s: {self.output()}"
            time.sleep(0.1)

    def work(self, *words: str) -> None:
        """Start workers and the clock, which is half of what the whole costs; `words` as for `manage.py worker`."""
        self.begin("worker", *words)

    def begin(self, *words: str) -> "subprocess.Popen[str]":
        """Begin a management command that goes on; `stop` and `kill` end it."""
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", *words],
                cwd=ROOT, env=self.environment, stdout=log, stderr=subprocess.STDOUT, text=True, start_new_session=True,
            )  # fmt: skip
        return self.process

    def answers(self) -> bool:
        """Whether the page is there."""
        try:
            with urllib.request.urlopen(f"{self.url}/", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def output(self) -> str:
        """All that it printed."""
        return self.log.read_text() if self.log.exists() else ""

    def stop(self, number: int = signal.SIGINT) -> int:
        """Stop it as Ctrl-C does, or by another signal, and return its exit code."""
        self.close()
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(timeout=900)
        self.process = None
        return code

    def processes(self) -> list[int]:
        """Process ids of everything that runs with this product's state."""
        return [int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit() and self._owns(folder)]

    def _owns(self, folder: Path) -> bool:
        try:
            return f"PROPIS_VAR={self.var}".encode() in (folder / "environ").read_bytes().split(b"\0")
        except OSError:
            return False

    def named(self, words: str) -> list[int]:
        """Those of its processes whose command line has these words."""
        return [pid for pid in self.processes() if words in command_line(pid)]

    def kill(self) -> None:
        """Leave nothing running."""
        with contextlib.suppress(Exception):
            self.stop()
        for pid in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def parent_of(pid: int) -> int:
    """The id of a process's parent; 0 where there is no such process, or it has ended and is not taken away yet."""
    try:
        state, parent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:2]
    except OSError:
        return 0
    return 0 if state in "ZX" else int(parent)


def command_line(pid: int) -> str:
    """The words that a process was started with; nothing where it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def wait_until(holds: Callable[[], T], *, seconds: float = 900) -> T:
    """Wait until a condition holds and return what it then gave; fail where it does not in time."""
    end = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(LOOK_SECONDS)
    return found


def free_port() -> int:
    """A port that nobody listens on, nor will soon: below those that the system gives to connections.

    All processes of the tests count in one file, so that none is given twice before its test listens there: three
    stages start hundreds of servers at once, and two that drew the same by chance would meet now and then.
    """
    while True:
        with (Path(tempfile.gettempdir()) / f"propis-ports-{os.getuid()}").open("a+") as counter:
            fcntl.flock(counter, fcntl.LOCK_EX)
            counter.seek(0)
            last = int(counter.read() or secrets.randbelow(PORTS))
            counter.truncate(0)
            counter.write(str(last + 1))
        port = FIRST_PORT + last % PORTS
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def embedded(var: Path) -> dict[str, str]:
    """Environment of a product on SQLite and the file queue."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if not re.match(r"PROPIS_|DATABASE_URL|BROKER_URL|CACHE_URL|DJANGO_", key)
    }
    return kept | {
        "PROPIS_VAR": str(var),
        "PROPIS_ADMIN_PASSWORD": ADMIN_PASSWORD,
        "PROPIS_HEARTBEAT_SECONDS": "2",
        "PROPIS_NICE": "0",  # other tests have the processors, too, and would be served before its workers
        "PROPIS_BACKUP_HOUR": "off",  # a night that passes would give tests a job that they have not ordered
    }


def need(available: bool, what: str) -> None:
    """Skip where a service is missing; fail where the run requires it (PROPIS_REQUIRE_SERVICES)."""
    if available:
        return
    if os.environ.get("PROPIS_REQUIRE_SERVICES"):
        pytest.fail(f"{what} is required and does not answer")
    pytest.skip(f"{what} does not answer")


@contextlib.contextmanager
def own_postgres() -> Iterator[str]:
    """Address of a PostgreSQL database that is made for this and dropped afterwards."""
    need(_postgres_answers(), "PostgreSQL")
    name = f"propis_test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(POSTGRES, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    try:
        yield POSTGRES.rsplit("/", 1)[0] + f"/{name}"
    finally:
        with psycopg.connect(POSTGRES, autocommit=True) as admin:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _postgres_answers() -> bool:
    try:
        psycopg.connect(POSTGRES, connect_timeout=3).close()
    except psycopg.Error:
        return False
    return True
