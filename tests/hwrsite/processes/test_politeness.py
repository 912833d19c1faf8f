"""What computes is nice within its session, and its session to the others."""

import os
import subprocess
import sys
from pathlib import Path

from hwrsite.processes.politeness import GROUP
from tests.product import ROOT

SHOWS = """
import os
from hwrsite.processes import politeness
os.setsid()
politeness.be_nice(10)
print(os.nice(0), politeness.GROUP.read_text() if politeness.GROUP.exists() else "")
"""


def shown(program: str) -> list[str]:
    """What a process of its own prints."""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_process_and_session_leave_the_processor_to_others() -> None:
    nice, *group = shown(SHOWS)
    assert nice == str(min(os.nice(0) + 10, 19))
    assert group[-2:] == (["nice", "10"] if GROUP.exists() else [])


def test_where_sessions_share_nothing_the_process_alone_is_nice(tmp_path: Path) -> None:
    missing = f"import pathlib\npoliteness.GROUP = pathlib.Path({str(tmp_path / 'no' / 'autogroup')!r})\n"
    assert shown(SHOWS.replace("politeness.be_nice(10)", f"{missing}politeness.be_nice(10)")) == [
        str(min(os.nice(0) + 10, 19))
    ]
