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
    python, stamp = folder / "bin" / "python", folder / "packages.sha256"
    wanted = hashlib.sha256(packages.read_bytes()).hexdigest()
    if not (stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted):
        print(f"Installing the peers into {folder}: once, some minutes", file=sys.stderr)
        venv.create(folder, clear=True, with_pip=True)
        _install(python, packages)
        stamp.write_text(wanted, encoding="utf-8")
    return str(python)


def _install(python: Path, packages: Path) -> None:
    words = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(packages)]
    done = subprocess.run(words, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": ""}, check=False)
    if done.returncode:
        raise BenchmarkRunError(f"The peers could not be installed: {done.stderr.strip()[-500:]}")
