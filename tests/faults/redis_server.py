"""A Redis of the test's own, which can be killed, started again on its port, and emptied."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import redis

from tests.product import free_port, need, wait_until


@dataclass
class RedisServer:
    """A redis-server without persistence: what it held is gone with it."""

    folder: Path
    port: int = field(default_factory=free_port)
    _process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """Address of its first database."""
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def pid(self) -> int:
        """The id of its process."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self._process = subprocess.Popen(
            ["redis-server", *options, "--maxmemory-policy", "noeviction"],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
        )
        wait_until(self.answers)

    def answers(self) -> bool:
        """Whether it is there."""
        try:
            with redis.Redis.from_url(self.url) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def kill(self) -> int:
        """Kill it with SIGKILL; return the id that its process had."""
        if self._process is None:
            return 0
        self._process.kill()
        self._process.wait()
        return self._process.pid

    def empty(self) -> None:
        """Take everything out of it."""
        with redis.Redis.from_url(self.url) as client:
            client.flushall()


@contextmanager
def own_redis(folder: Path) -> Iterator[RedisServer]:
    """A started Redis; nothing of it is left running."""
    try:
        subprocess.run(["redis-server", "--version"], check=True, capture_output=True)
    except FileNotFoundError:
        need(False, "redis-server")
    server = RedisServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.kill()
