"""The supervisor with small programs: who dies or is stuck is started again, and all end with it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from hwrsite.processes.program import Program
from hwrsite.processes.supervisor import PROGRAMS
from tests.product import ROOT, parent_of, wait_until

SILENT_SECONDS = 3.0
PROGRAM = """
import os, pathlib, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
folder = pathlib.Path(sys.argv[1])
part = folder / "part"
part.write_text(f"{os.getpid()} {child.pid}")
part.rename(folder / "pids")
time.sleep(600)
"""


class Supervised:
    """A supervisor with one program, which has a child of its own."""

    def __init__(self, folder: Path, *, loads: list[str]) -> None:
        """Start it."""
        (folder / "steady.py").write_text(PROGRAM)
        self._pids = folder / "pids"
        programs = [asdict(Program("steady", ["steady", str(folder)]))]
        given = json.dumps({"programs": programs, "silent_seconds": SILENT_SECONDS, "lock": None, "loads": loads})
        self.process = subprocess.Popen(
            [sys.executable, "-m", "hwrsite.processes.supervisor"],
            env=os.environ | {PROGRAMS: given, "PYTHONPATH": f"{ROOT}:{folder}"},
            cwd=folder,
            stderr=(folder / "said").open("w"),
        )

    def family(self, *, other_than: tuple[int, ...] = ()) -> tuple[int, ...]:
        """The program and its child, once they live, and are others than these."""

        def found() -> tuple[int, ...]:
            pids = tuple(map(int, self._pids.read_text().split())) if self._pids.exists() else ()
            return () if {*pids} & {*other_than} else pids

        return wait_until(found, seconds=900)


@pytest.fixture(params=[["json"], []], ids=["forks", "interpreters of their own"])
def supervised(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Supervised]:
    """A started one; nothing of it is left running."""
    made = Supervised(tmp_path, loads=request.param)
    yield made
    made.process.terminate()
    made.process.wait(timeout=900)


def have_ended(pids: tuple[int, ...]) -> Callable[[], bool]:
    """Whether none of these processes runs."""
    return lambda: not any(parent_of(pid) for pid in pids)


def test_what_is_killed_is_started_again_and_its_children_end(supervised: Supervised) -> None:
    first = supervised.family()
    os.kill(first[0], signal.SIGKILL)
    second = supervised.family(other_than=first)
    assert have_ended(first)()
    assert all(parent_of(pid) for pid in second)


def test_what_shows_no_life_is_replaced(supervised: Supervised, tmp_path: Path) -> None:
    first = supervised.family()
    os.kill(first[0], signal.SIGSTOP)
    second = supervised.family(other_than=first)
    assert have_ended(first)()
    assert all(parent_of(pid) for pid in second)
    assert f"steady ({first[0]}) shows no life" in (tmp_path / "said").read_text()


def test_a_supervisor_that_was_stopped_for_a_while_kills_nobody(supervised: Supervised) -> None:
    first = supervised.family()
    supervised.process.send_signal(signal.SIGSTOP)
    os.kill(first[0], signal.SIGSTOP)
    with pytest.raises(subprocess.TimeoutExpired):
        supervised.process.wait(timeout=SILENT_SECONDS + 1)
    supervised.process.send_signal(signal.SIGCONT)
    os.kill(first[0], signal.SIGCONT)
    with pytest.raises(subprocess.TimeoutExpired):
        supervised.process.wait(timeout=1)
    assert all(parent_of(pid) for pid in first)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_told_to_stop_it_ends_with_all_and_without_an_error(supervised: Supervised, number: int) -> None:
    family = supervised.family()
    supervised.process.send_signal(number)
    assert supervised.process.wait(timeout=30) == 0
    wait_until(have_ended(family))


def test_all_end_after_a_supervisor_that_was_killed(supervised: Supervised) -> None:
    program, child = supervised.family()
    supervised.process.kill()
    wait_until(have_ended((program,)))
    assert not parent_of(program)
    assert parent_of(child) != program, (
        "a child that watches nobody stays; ours watch a pipe (attached, agent, decoder)"
    )
    os.kill(child, signal.SIGKILL)
