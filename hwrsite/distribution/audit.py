"""`python -m hwrsite.distribution.audit`: compares the locked packages with the known vulnerabilities.

The exit status is 0 where nothing is known, 1 where something is, and 2 where it could not be found out: no list of
vulnerabilities answered, or it does not know a package. Options are pip-audit's, such as `-s osv`; `--list FILE`
compares with a list in a file instead.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hwrsite.distribution import listed

LOCKS = Path(__file__).parents[2] / "requirements"
NOTHING_KNOWN, VULNERABLE, NOT_FOUND_OUT = 0, 1, 2
SHOWN = 5
Printed = tuple[str, str]
"""What a program wrote to its standard output, and to its standard error."""
SAFE = "No vulnerability is known in any of {count} locked packages."
AWAY = (
    "The list of known vulnerabilities could not be reached: NOTHING WAS AUDITED. Run `make audit` where PyPI answers, "
    'or `make audit ARGS="-s osv"` where OSV does, or with a list: `ARGS="--list insecure.json"`. What was said: {why}'
)
UNKNOWN = (
    "The list of known vulnerabilities knows nothing of {unknown} of {count} packages, as where a mirror stands for "
    "PyPI: {which}. They were NOT AUDITED; run `make audit` where PyPI itself answers."
)
SAFE_BY_LIST = (
    "The list of {made} has none of {count} locked packages in a version that is locked ({known} of them have older or "
    "newer versions in it). What became known later it cannot say."
)
LOCKED = re.compile(r"^([\w.-]+)(?:\[[\w,.-]*\])?==([^\s;\\]+)", re.MULTILINE)


@dataclass(frozen=True)
class AuditOutcome:
    """What is said, and the exit status."""

    status: int
    lines: Sequence[str]


def main(options: Sequence[str]) -> int:
    """Audit every lock; returns the exit status."""
    locks = sorted(LOCKS.glob("*.txt"))
    if options and options[0] == "--list":
        found = by_list(options[1:], locked(lock.read_text("utf-8") for lock in locks))
    else:
        found = outcome([_audited(lock, options) for lock in locks])
    print("\n".join(found.lines), file=sys.stderr if found.status == NOT_FOUND_OUT else sys.stdout)
    return found.status


def locked(texts: Iterable[str]) -> list[listed.Package]:
    """Name and version of each package of the locks, once."""
    return sorted({(name, version) for text in texts for name, version in LOCKED.findall(text)})


def by_list(files: Sequence[str], packages: Sequence[listed.Package]) -> AuditOutcome:
    """Compare with the list in a file."""
    if len(files) != 1:
        return AuditOutcome(NOT_FOUND_OUT, ["--list takes one file, and no option of pip-audit beside it."])
    try:
        known = listed.read(Path(files[0]))
        lines = [f"{name} {version}: affected ({versions})" for name, version, versions in known.of(packages)]
    except listed.NoListError as error:
        return AuditOutcome(NOT_FOUND_OUT, [f"{error}. NOTHING WAS AUDITED."])
    safe = SAFE_BY_LIST.format(made=known.made, count=len(packages), known=known.names(packages))
    return AuditOutcome(VULNERABLE if lines else NOTHING_KNOWN, lines or [safe])


def _audited(lock: Path, options: Sequence[str]) -> Printed:
    """What pip-audit says of one lock: of several at once it refuses a package that stands in two of them."""
    words = ["-m", "pip_audit", "--disable-pip", "--require-hashes", "--progress-spinner", "off", "--format", "json"]
    done = subprocess.run(
        [sys.executable, *words, "-r", str(lock), *options], capture_output=True, text=True, check=False
    )
    return done.stdout, done.stderr


def outcome(printed: Iterable[Printed]) -> AuditOutcome:
    """Read what pip-audit printed of each lock as JSON, and what it said where it printed none."""
    packages: dict[tuple[str, str], dict[str, Any]] = {}
    for answer, errors in printed:
        try:
            of_lock: list[dict[str, Any]] = json.loads(answer)["dependencies"]
        except ValueError:
            return AuditOutcome(NOT_FOUND_OUT, [AWAY.format(why=(errors.strip().splitlines() or ["nothing"])[-1])])
        packages |= {(each["name"], each.get("version", "")): each for each in of_lock}
    return _judged(list(packages.values()))


def _judged(packages: Sequence[dict[str, Any]]) -> AuditOutcome:
    lines = [
        f"{package['name']} {package['version']}: {each['id']}, mended in {', '.join(each['fix_versions']) or 'none'}"
        for package in packages
        for each in package.get("vulns", ())
    ]
    unknown = [package["name"] for package in packages if "skip_reason" in package]
    if unknown:
        which = ", ".join(unknown[:SHOWN]) + (" …" if len(unknown) > SHOWN else "")
        lines.append(UNKNOWN.format(unknown=len(unknown), count=len(packages), which=which))
    status = NOT_FOUND_OUT if unknown else VULNERABLE if lines else NOTHING_KNOWN
    return AuditOutcome(status, lines or [SAFE.format(count=len(packages))])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
