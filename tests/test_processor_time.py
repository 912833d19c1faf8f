"""The limit of processor time: what computes too long fails, what waits does not."""

import pytest

from tests.product import ROOT

pytest_plugins = ["pytester"]

TESTS = """
import subprocess, sys, time

BUSY = "import time\\nwhile time.process_time() < 1: pass"

def test_it_computes():
    while True: pass

def test_its_child_computes():
    subprocess.run([sys.executable, "-c", BUSY], check=True)

def test_it_waits():
    time.sleep(1)
"""


def test_only_what_uses_the_processor_for_too_long_fails(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    pytester.makeconftest('pytest_plugins = ["tests.processor_time"]')
    pytester.makepyfile(TESTS)
    pytester.makeini("[pytest]\nprocessor_seconds = 0.5\n")
    done = pytester.runpytest_subprocess("-p", "no:django", "-p", "no:randomly", "-p", "no:cacheprovider")
    done.assert_outcomes(passed=1, failed=2)
    done.stdout.fnmatch_lines(["*more than 0.5 s of processor time*", "*its children's included*"])
