"""Every setting has its line in the docs, and the docs name no setting that is not there."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.product import embedded

ROOT = Path(__file__).resolve().parents[2]
NAME = re.compile(r"\b(?:PROPIS_[A-Z_]+|DATABASE_URL|BROKER_URL|CACHE_URL)\b")
OF_DJANGO = {"PROPIS_VAR", "PROPIS_IMPORT_ROOT", "PROPIS_LIMITS"}


def _read_from_environment() -> set[str]:
    """Names that stand in quotes in the code, as `env.str("NAME")` or `os.environ.get("NAME")`."""
    quoted = re.compile(r"""["']((?:PROPIS_[A-Z_]+)|DATABASE_URL|BROKER_URL|CACHE_URL)["']""")
    files = [
        path
        for folder in ("hwrsite", "accounts", "copybook", "keeping", "recognizer", "training", "tests", "benchmarks")
        for path in (ROOT / folder).rglob("*.py")
        if ".environments" not in path.parts  # the peers' packages
    ]
    return {name for path in files for name in quoted.findall(path.read_text(encoding="utf-8"))}


def test_docs_and_code_name_the_same_settings() -> None:
    documented = set(NAME.findall((ROOT / "docs" / "settings.md").read_text(encoding="utf-8")))
    assert documented == _read_from_environment() - {"PROPIS_LIMITS"}


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("PROPIS_BACKUP_HOUR", "25", "it must be an hour from 0 to 23, or off."),
        ("PROPIS_NICE", "much", "it must be a number."),
        ("PROPIS_HEARTBEAT_SECONDS", "", "it must be a number."),
    ],
)
def test_a_setting_that_means_nothing_is_refused_in_a_line(tmp_path: Path, name: str, value: str, why: str) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "doctor"],
        cwd=ROOT,
        env=embedded(tmp_path) | {name: value},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines() == [f"The settings cannot be used: {name} is “{value}”: {why}"]


def test_numbers_are_read_where_nonsense_is_refused() -> None:
    folders = ("hwrsite", "accounts", "copybook", "keeping", "recognizer", "training")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    past = [path for path in files if re.search(r"(int|float)\(os\.environ\.get", path.read_text(encoding="utf-8"))]
    assert past == []
