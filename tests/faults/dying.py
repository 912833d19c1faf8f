"""Work that is killed (SIGKILL) at one moment after another: just before each time that it touches its files.

Run by `manage.py shell` in a product of its own: one process, ready to work, from which each attempt is forked. So
every moment costs an attempt, and no process has to begin anew.
"""

import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

TOUCHES = ("open", "os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.listdir", "os.scandir")
"""Audit events of Python (PEP 578) whose first argument is a file or a folder."""


def dies(work: Callable[[], object], folder: Path, moment: int) -> bool:
    """Do work in a process of its own that is killed before its touch number `moment` (from 1) of what is in a folder.

    Returns whether it died; False where it came to its end before.
    """
    return _forked(work, folder, moment) is None


def finished(work: Callable[[], object], folder: Path) -> None:
    """Do work in a process of its own, undisturbed."""
    touches(work, folder)


def touches(work: Callable[[], object], folder: Path) -> int:
    """Do work in a process of its own, undisturbed; return how often it touched what is in a folder."""
    count = _forked(work, folder, 0)
    assert count is not None
    return count


def _forked(work: Callable[[], object], folder: Path, moment: int) -> int | None:
    """How often work touched a folder; None where it was killed at a moment of it."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        _work_and_leave(work, folder, moment, theirs)
    os.close(theirs)
    with os.fdopen(ours) as told:
        count = told.read()
    _pid, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL, f"it ended by signal {os.WTERMSIG(status)}"
        return None
    assert os.WEXITSTATUS(status) == 0, "it failed, which is told above"
    return int(count)


def _work_and_leave(work: Callable[[], object], folder: Path, moment: int, tell: int) -> None:
    touched = 0

    def touch(event: str, given: tuple[Any, ...]) -> None:
        nonlocal touched
        if event in TOUCHES and given and str(given[0]).startswith(str(folder)):
            touched += 1
            if touched == moment:
                os.kill(os.getpid(), signal.SIGKILL)

    code = 1
    try:
        sys.addaudithook(touch)
        work()
        os.write(tell, str(touched).encode())
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)
