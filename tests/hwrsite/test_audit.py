"""What `make audit` says: what is known, and in words that nothing was audited."""

import json

from hwrsite.distribution.audit import NOT_FOUND_OUT, NOTHING_KNOWN, VULNERABLE, Printed, outcome

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
