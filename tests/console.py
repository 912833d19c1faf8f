"""A process of a product that is ready: code is run in forks of it, so that what a test asks costs no start of one."""

import importlib
import json
import os
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
READY = ("training.runs.services", "training.datasets.tasks")
"""Modules that most of what is asked needs."""
LISTEN = "from tests.console import listen; listen()"


class Console:
    """The process, for as long as nobody kills it."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """Start it."""
        self._process = subprocess.Popen(
            [sys.executable, "manage.py", "shell", "--no-imports", "-v0", "-c", LISTEN],
            cwd=ROOT, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    @property
    def is_open(self) -> bool:
        """Whether it is there."""
        return self._process.poll() is None

    def run(self, code: str) -> "subprocess.CompletedProcess[str]":
        """Run code in a process that ends with it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{json.dumps(code)}\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the console has ended; what it said is above"
        return subprocess.CompletedProcess(code, *json.loads(answer))

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.communicate()


def listen() -> None:
    """Run each code that comes, and say how it ended and what it printed; one line each way."""
    for name in READY:
        importlib.import_module(name)
    for line in sys.stdin:
        sys.stdout.write(f"{json.dumps(_forked(json.loads(line)))}\n")
        sys.stdout.flush()


def _forked(code: str) -> tuple[int, str, str]:
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        child = os.fork()
        if child == 0:
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(output.fileno(), 1)
            os.dup2(errors.fileno(), 2)
            _run_and_leave(code)
        _pid, status = os.waitpid(child, 0)
        output.seek(0)
        errors.seek(0)
        return os.waitstatus_to_exitcode(status), output.read(), errors.read()


def _run_and_leave(code: str) -> None:
    status = 1
    try:
        exec(code, {"__name__": "__console__"})
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else bool(end.code)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
