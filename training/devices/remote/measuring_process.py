"""One measurement in a process of its own, so that nothing of the agent shares its clock, memory or numpy."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any, Callable, List

POLL_SECONDS = 0.2
FORCED = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
"""Settings that make OpenBLAS behave as on another processor: a device is measured as it is."""
GoOn = Callable[[float], bool]


class MeasurementFailedError(Exception):
    """The measurement refused its work or died; the message says why."""


class StopError(Exception):
    """Whoever watched the measurement asked to stop."""


def run(arguments: List[str], folder: Path, go_on: GoOn) -> Any:
    """Measure to the end and return the result; killed when `go_on`, asked with the progress, says no.

    Raises:
        MeasurementFailedError: it refused, or died.
        StopError: it was to stop.

    """
    with tempfile.TemporaryDirectory(prefix="measurement-", dir=str(folder)) as name:
        output, messages = Path(name) / "result.json", Path(name) / "messages.txt"
        with output.open("wb") as out, messages.open("wb") as err:
            process = subprocess.Popen(
                [*_agent(), *arguments, "--progress", "--attached"],
                stdin=subprocess.PIPE,  # closed when this process dies: then the measurement ends, too
                stdout=out,
                stderr=err,
                env=_environment(),
                start_new_session=True,
            )
            try:
                while process.poll() is None:
                    if not go_on(_progress(messages)):
                        raise StopError
                    time.sleep(POLL_SECONDS)
            finally:
                process.kill()
                process.communicate()
        if process.returncode:
            why = _last_line(messages) or f"it ended with status {process.returncode}"
            raise MeasurementFailedError(why)
        return json.loads(output.read_text(encoding="utf-8"))


def _agent() -> List[str]:
    """The command line of this same agent: a zip archive, or the module."""
    archive = sys.path[0]
    if archive and Path(archive).is_file() and zipfile.is_zipfile(archive):
        return [sys.executable, str(Path(archive).resolve())]
    return [sys.executable, "-m", "training.devices.agent"]


def _environment() -> Any:
    kept = {name: value for name, value in os.environ.items() if name not in FORCED}
    return {**kept, "OPENBLAS_NUM_THREADS": "1"}


def _progress(messages: Path) -> float:
    done, found, total = _last_line(messages).partition("/")
    if found and done.isdigit() and total.isdigit():
        return int(done) / int(total)
    return 0.0


def _last_line(path: Path) -> str:
    lines = path.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1] if lines else ""
