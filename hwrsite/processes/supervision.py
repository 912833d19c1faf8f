"""Becoming the supervisor of some programs, one at a time where the folder is held."""

import dataclasses
import fcntl
import json
import os
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import NoReturn

from django.conf import settings
from django.core.management import CommandError

from hwrsite.processes.program import Program
from hwrsite.processes.supervisor import PROGRAMS, STOP_SECONDS
from keeping.installation import start_lock

ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONUNBUFFERED": "1",
    "SPT_NOENV": "1",  # the names that `attached` gives processes overwrite no environment: /proc shows it
    # Celery warns root because of pickle, and we accept JSON alone; in a container root is usual.
    "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
}

LOADS = ["hwrsite.processes.loaded"]


def hold_folder(address: str) -> int:
    """Hold the folder of all state for as long as this process, or a program that it keeps, is there.

    Raises:
        CommandError: another start holds it; the message says which.

    """
    path = start_lock()
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    end = time.monotonic() + STOP_SECONDS
    while not _locked(lock):
        process, _space, where = path.read_text().partition(" ")
        if _lives(process) or time.monotonic() > end:  # the programs of one that was killed end soon
            raise CommandError(
                f"Propis already runs with the folder {settings.PROPIS_VAR}: process {process}, {where}. "
                f"Stop it first, or choose another folder: PROPIS_VAR=…"
            )
        time.sleep(0.2)
    os.truncate(lock, 0)
    os.pwrite(lock, f"{os.getpid()} {address}".encode(), 0)
    os.set_inheritable(lock, True)
    return lock


def _locked(lock: int) -> bool:
    with suppress(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def _lives(process: str) -> bool:
    with suppress(ProcessLookupError, ValueError):
        os.kill(int(process), 0)
        return True
    return False


def run(programs: Sequence[Program], *, lock: int | None = None) -> NoReturn:
    """Become the supervisor of these programs."""
    silence = settings.JOB_HEARTBEAT_SECONDS * settings.JOB_MISSED_HEARTBEATS
    given = {
        "programs": [dataclasses.asdict(program) for program in programs],
        "silent_seconds": silence,
        "lock": lock,
        "loads": LOADS if sys.platform == "linux" else [],  # macOS lets no process fork that has loaded its libraries
    }
    os.chdir(settings.BASE_DIR)
    state = {"PROPIS_VAR": str(settings.PROPIS_VAR), PROGRAMS: json.dumps(given)}
    command = [sys.executable, "-m", "hwrsite.processes.supervisor"]
    os.execve(sys.executable, command, ENVIRONMENT | os.environ | state)  # noqa: S606
