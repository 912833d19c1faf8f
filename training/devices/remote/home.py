"""The agent's folder: its token, files by SHA-256, results until they are accepted. One agent at a time has it."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import time
from pathlib import Path
from typing import Any, List, Optional, Tuple

from recognizer.core.files import replacing

KEPT_FILES = 12
"""Models and images that are kept so as not to be fetched again."""


class HomeError(Exception):
    """A folder that cannot be used; the message is for whoever started the agent."""


class Home:
    """The folder of one device."""

    def __init__(self, folder: Path) -> None:
        """Make it, readable by its owner alone."""
        self.folder = folder
        try:
            for each in (folder, self._files, self._outbox):
                each.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise HomeError(f"{folder} cannot be made: {error}") from error
        self._lock: Any = None
        self._used: List[str] = []

    @property
    def _files(self) -> Path:
        return self.folder / "files"

    @property
    def _outbox(self) -> Path:
        return self.folder / "results"

    def lock(self) -> None:
        """Keep other agents out of this folder while this process lives.

        Raises:
            HomeError: one is in it.

        """
        self._lock = (self.folder / "lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise HomeError(f"Another agent is at work in {self.folder}.") from error
        for left in self.folder.glob("measurement-*"):
            shutil.rmtree(left, ignore_errors=True)

    def remember(self, url: str, token: str, name: str) -> None:
        """Keep the server's address and the device's token."""
        _write(self.folder / "device.json", {"url": url, "token": token, "name": name})

    @staticmethod
    def is_one(folder: Path) -> bool:
        """Whether a folder is that of a device that has joined."""
        return (folder / "device.json").is_file()

    def device(self) -> Any:
        """What `remember` kept.

        Raises:
            HomeError: this is no device yet.

        """
        try:
            return json.loads((self.folder / "device.json").read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise HomeError(f"{self.folder} is no device yet: start with `join URL CODE`.") from error

    def remember_broker(self, url: str) -> None:
        """Keep the address of the queue that wakes the device, with its password."""
        _write(self.folder / "broker.json", url)

    def broker(self) -> str:
        """What `remember_broker` kept.

        Raises:
            HomeError: nothing was.

        """
        try:
            return str(json.loads((self.folder / "broker.json").read_text(encoding="utf-8")))
        except (OSError, ValueError) as error:
            raise HomeError("No address of a queue is known here: say it once by --broker.") from error

    def file(self, sha256: str) -> Optional[Path]:
        """A kept file, if it is there and whole; one that was altered is removed."""
        path = self._files / sha256
        try:
            content = path.read_bytes()
        except OSError:
            return None
        if hashlib.sha256(content).hexdigest() != sha256:
            path.unlink()
            return None
        os.utime(path, (time.time(), time.time()))
        self._note_use(sha256)
        return path

    def keep_file(self, sha256: str, content: bytes) -> Optional[Path]:
        """Keep a file; None where its bytes are others than the SHA-256 says."""
        if hashlib.sha256(content).hexdigest() != sha256:
            return None
        with replacing(self._files / sha256) as file:
            file.write(content)
        self._note_use(sha256)
        for path in sorted(self._files.glob("*"), key=self._when_used)[:-KEPT_FILES]:
            path.unlink()
        return self._files / sha256

    def put_result(self, result_id: str, document: Any) -> None:
        """Keep a result until the server has accepted it."""
        _write(self._outbox / f"{result_id}.json", document)

    def results(self) -> List[Path]:
        """The results that are not accepted yet, the oldest first."""
        return sorted(self._outbox.glob("*.json"), key=lambda path: (path.stat().st_mtime, path.name))

    def _note_use(self, sha256: str) -> None:
        self._used = [name for name in self._used if name != sha256] + [sha256]

    def _when_used(self, path: Path) -> Tuple[int, float]:
        """Order of use; what this process used comes last, for the clock may have been set back by years meanwhile."""
        order = self._used.index(path.name) if path.name in self._used else -1
        return order, path.stat().st_mtime


def _write(path: Path, document: Any) -> None:
    """Write JSON whole or not at all, for its owner alone."""
    with replacing(path) as file:
        file.write(json.dumps(document, allow_nan=False).encode("utf-8"))
    path.chmod(0o600)
