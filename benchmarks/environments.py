"""An environment of their own for the peers, made at first use from the pinned packages of `peers.txt`."""

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

from benchmarks.harness import BenchmarkRunError

FOLDER = Path(__file__).resolve().parent
PACKAGES = FOLDER / "peers.txt"
ENVIRONMENT = FOLDER / ".environments" / "peers"


def peers_python(packages: Path = PACKAGES, folder: Path = ENVIRONMENT) -> str:
    """The interpreter that has the peers; installs them if they are missing or others are asked for now.

    Raises:
        BenchmarkRunError: they could not be installed.

    """
    python = folder / "bin" / "python"
    if not are_installed(packages, folder):
        print(f"Installing the peers into {folder}: once, some minutes", file=sys.stderr)
        venv.create(folder, clear=True)
        _install(python, packages)
        _stamp(folder).write_text(_digest(packages), encoding="utf-8")
    return str(python)


def are_installed(packages: Path = PACKAGES, folder: Path = ENVIRONMENT) -> bool:
    """Whether an environment has the packages that are asked for now."""
    stamp = _stamp(folder)
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == _digest(packages)


def _stamp(folder: Path) -> Path:
    return folder / "packages.sha256"


def _digest(packages: Path) -> str:
    return hashlib.sha256(packages.read_bytes()).hexdigest()


def _install(python: Path, packages: Path) -> None:
    words = ["--disable-pip-version-check", "--python", str(python), "install", "--quiet", "-r", str(packages)]
    done = subprocess.run(
        [sys.executable, "-m", "pip", *words], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": ""},
        check=False,
    )  # fmt: skip
    if done.returncode:
        raise BenchmarkRunError(f"The peers could not be installed: {done.stderr.strip()[-500:]}")
