"""Agents as devices run them: one file, and a Python that has numpy and little else."""

import importlib.metadata
import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

CELERY_TOO = ("celery", "redis", "packaging")
"""What a device that Redis wakes has besides numpy; with all that these need."""


@dataclass
class AgentProcess:
    """The agent as a device runs it: one file, a Python that has numpy and nothing else."""

    python: Path
    folder: Path
    archive: Path
    command: tuple[str, ...] = ("run",)
    process: subprocess.Popen[str] | None = None

    def call(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the agent to its end."""
        command = self._command(*words)
        return subprocess.run(
            command, capture_output=True, text=True, timeout=900, check=False, env=self._environment()
        )

    def start(self) -> None:
        """Begin to ask for benchmarks."""
        log = self.log.open("a")
        self.process = subprocess.Popen(
            self._command(*self.command),
            stdout=log,
            stderr=log,
            text=True,
            env=self._environment(),
            start_new_session=True,
        )

    def kill(self) -> None:
        """Switch the device off."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(timeout=900)
            self.process = None

    @property
    def log(self) -> Path:
        """What it says while it is at work."""
        return self.folder.with_suffix(".log")

    def results(self) -> list[Path]:
        """Results that the site has not taken yet."""
        return list((self.folder / "results").glob("*.json"))

    def measures(self) -> bool:
        """Whether a repeat of a measurement is done and more are to come."""
        return any(path.stat().st_size for path in self.folder.glob("measurement-*/messages.txt"))

    def _command(self, *words: str) -> list[str]:
        return [str(self.python), str(self.archive), *words, "--folder", str(self.folder)]

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        return {**kept, "HOME": str(self.folder.parent)}


def python_with(folder: Path, *packages: str) -> Path:
    """A Python of its own in which these packages can be imported, with what they need, and nothing else."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True, timeout=900)
    [site_packages] = folder.glob("lib/python*/site-packages")
    for name in _with_needed(packages):
        for part in _parts_of(name):
            (site_packages / part.name).symlink_to(part)
    return folder / "bin" / "python"


def _with_needed(packages: tuple[str, ...]) -> set[str]:
    """The packages and, of those that are installed here, all that they need."""
    found, left = set[str](), list(packages)
    while left:
        name = left.pop()
        if name in found:
            continue
        found.add(name)
        needed = importlib.metadata.requires(name) or []
        names = [re.split(r"[^\w.-]", each)[0] for each in needed if "extra ==" not in each]
        left += [each for each in names if _is_installed(each)]
    return found


def _is_installed(name: str) -> bool:
    try:
        importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _parts_of(name: str) -> set[Path]:
    """The folders and files of a package, its metadata among them."""
    distribution = importlib.metadata.distribution(name)
    root = Path(str(distribution.locate_file("")))
    tops = {file.parts[0] for file in distribution.files or [] if file.parts[0] not in ("..", "__pycache__")}
    return {root / top for top in tops}
