"""The order of tests that start products: what may take longest begins first."""

import pytest

from tests.product import ROOT

pytest_plugins = ["pytester"]

SHORT = """
import pytest

@pytest.mark.faults
@pytest.mark.processor_seconds(100)
def test_some_seconds(): pass

def test_of_another_kind(): pass
"""
LONG = """
import pytest

@pytest.mark.faults
def test_beside_it(): pass

@pytest.mark.faults
@pytest.mark.processor_seconds(600)
def test_minutes(): pass
"""


def test_the_longest_module_begins(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    pytester.makeconftest('pytest_plugins = ["tests.processor_time", "tests.longest_first"]')
    pytester.makepyfile(test_a=SHORT.replace("faults", "browser").replace("100", "30"), test_b=SHORT, test_c=LONG)
    pytester.makeini(
        "[pytest]\nprocessor_seconds = 30\nmarkers =\n  processor_seconds\n  browser\n  services\n  faults\n"
    )
    plugins = ("-p", "no:django", "-p", "no:randomly", "-p", "no:cacheprovider")
    done = pytester.runpytest_subprocess("--collect-only", "-q", *plugins)
    named = [line for line in done.stdout.lines if "::" in line]
    assert [name.partition(".py")[0] for name in named] == ["test_c"] * 2 + ["test_b"] * 2 + ["test_a"] * 2
