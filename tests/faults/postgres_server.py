"""A PostgreSQL of the test's own, in its own folder and on its own port, which can be restarted in the middle."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tests import prepared
from tests.product import Product, embedded, free_port, need, wait_until


def _binaries() -> Path | None:
    """The folder of PostgreSQL's own programs; None where it is not installed."""
    found = shutil.which("postgres")
    folders = [Path(found).parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


@dataclass
class PostgresServer:
    """A cluster; where the tests run as root, the user `postgres` has it."""

    folder: Path
    binaries: Path
    port: int = field(default_factory=free_port)

    @property
    def url(self) -> str:
        """Address of its database."""
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def create(self, base: Path | None) -> None:
        """Make the cluster, empty or as the copy of one that was kept, and start it."""
        if base is None:
            self._run("initdb", "-U", "postgres", "-A", "trust", "--no-sync", "-D", "data")
        else:
            shutil.copytree(base / "data", self.folder / "data")
            if os.getuid() == 0:
                subprocess.run(["chown", "-R", "postgres:postgres", "data"], cwd=self.folder, check=True)
        self.start()

    def keep(self, folder: Path) -> None:
        """Stop it in peace and keep all that it holds, for `create`."""
        self._run("pg_ctl", "stop", "-D", "data", "-m", "fast")
        shutil.copytree(self.folder / "data", folder / "data")

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
        self._run("pg_ctl", "start", "-w", "-D", "data", "-l", "log", "-o", options)
        wait_until(self.answers)

    def stop(self) -> None:
        """Stop it at once, as a crash does: whoever is connected is thrown out."""
        self._run("pg_ctl", "stop", "-D", "data", "-m", "immediate")

    def end(self) -> None:
        """Stop it where it is there."""
        with suppress(subprocess.CalledProcessError):
            self.stop()

    def answers(self) -> bool:
        """Whether it is there."""
        try:
            psycopg.connect(self.url, connect_timeout=3).close()
        except psycopg.Error:
            return False
        return True

    def _run(self, program: str, *words: str) -> None:
        user: Sequence[str] = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
        command = [*(user if os.getuid() == 0 else ()), str(self.binaries / program), *words]
        subprocess.run(command, cwd=self.folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def migrated() -> Path:
    """The folder of a cluster with every table and no row; kept by `prepared`."""
    return prepared.folder("cluster", _migrate)


def _migrate(made: Path) -> None:
    with cluster() as server:
        Product(made, embedded(made) | {"DATABASE_URL": server.url}).manage("migrate", "--verbosity", "0")
        with psycopg.connect(server.url) as connection:
            connection.execute("DELETE FROM jobs_deployment")  # each installation has an identity of its own
        server.keep(made)


@contextmanager
def cluster(base: Path | None = None) -> Iterator[PostgresServer]:
    """A started PostgreSQL, empty or as in a folder; nothing of it is left."""
    binaries = _binaries()
    need(binaries is not None, "PostgreSQL (its programs initdb and pg_ctl)")
    assert binaries is not None
    with tempfile.TemporaryDirectory(prefix="propis-postgres-") as name:
        if os.getuid() == 0:
            shutil.chown(name, "postgres", "postgres")
        server = PostgresServer(Path(name), binaries)
        server.create(base)
        try:
            yield server
        finally:
            server.end()
