"""What `make audit` says: what is known, and in words that nothing was audited."""

import json
from pathlib import Path

import pytest

from hwrsite.distribution.audit import (
    LOCKS,
    NOT_FOUND_OUT,
    NOTHING_KNOWN,
    VULNERABLE,
    Printed,
    by_list,
    locked,
    outcome,
)

SOUND = {"name": "numpy", "version": "1", "vulns": []}
HOLED = {"name": "pillow", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"]}]}
SKIPPED = {"name": "django", "skip_reason": "Dependency not found on PyPI"}


def _of(*packages: object) -> Printed:
    return json.dumps({"dependencies": packages, "fixes": []}), ""


def test_a_package_of_two_locks_is_counted_once() -> None:
    found = outcome([_of(SOUND), _of(SOUND)])
    assert (found.status, *found.lines) == (
        NOTHING_KNOWN,
        "No vulnerability is known in any of 1 locked packages.",
    )


def test_what_is_known_is_named() -> None:
    found = outcome([_of(SOUND), _of(HOLED)])
    assert (found.status, *found.lines) == (VULNERABLE, "pillow 2: PYSEC-1, mended in 3")


def test_what_could_not_be_reached_is_no_success() -> None:
    found = outcome([_of(SOUND), ("", "Traceback\nConnectionError: no such name\n")])
    assert found.status == NOT_FOUND_OUT
    assert "NOTHING WAS AUDITED" in found.lines[0]
    assert found.lines[0].endswith("ConnectionError: no such name")


def test_a_package_that_nobody_knows_is_no_success() -> None:
    found = outcome([_of(SOUND, SKIPPED), _of(HOLED)])
    assert found.status == NOT_FOUND_OUT
    assert "1 of 3 packages" in found.lines[-1]
    assert "django" in found.lines[-1]
    assert found.lines[0].startswith("pillow 2")


LIST = {"$meta": {"timestamp": 1775023247}, "Pillow": ["<3", ">=9,<9.1"], "other": [">=0"]}


@pytest.mark.parametrize(
    ("version", "status", "line"),
    [
        ("2.1", VULNERABLE, "pillow 2.1: affected (<3)"),
        ("9.0.5", VULNERABLE, "pillow 9.0.5: affected (>=9,<9.1)"),
        ("9.1", NOTHING_KNOWN, "The list of 2026-04-01 has none of 2 locked packages in a version that is locked"),
    ],
)
def test_a_list_in_a_file_is_compared_with(tmp_path: Path, version: str, status: int, line: str) -> None:
    file = tmp_path / "insecure.json"
    file.write_text(json.dumps(LIST), "utf-8")
    found = by_list([str(file)], [("numpy", "1"), ("pillow", version)])
    assert found.status == status
    assert found.lines[0].startswith(line)


UNREADABLE = json.dumps(LIST | {"numpy": ["<2013.1.g3"]}).encode()


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"$meta": {"timestamp": 1e99}}', b"\xff", UNREADABLE, None])
def test_what_is_no_list_is_no_success(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "insecure.json"
    if content is not None:
        file.write_bytes(content)
    found = by_list([str(file)], [("numpy", "1")])
    assert found.status == NOT_FOUND_OUT
    assert found.lines[0].endswith("NOTHING WAS AUDITED.")


def test_every_package_of_the_locks_is_audited() -> None:
    texts = [lock.read_text("utf-8") for lock in LOCKS.glob("*.txt")]
    packages = locked(texts)
    assert len(packages) == len({line.split(" ")[0] for text in texts for line in text.splitlines() if "==" in line})
    assert "django" in dict(packages)
