"""Affected versions from a list in a file, for a machine that no service of vulnerabilities answers.

The list has the form of Safety's open one: `data/insecure.json` of github.com/pyupio/safety-db, renewed each month.
It is JSON: a package's name → the specifiers of its affected versions, and under `$meta` when it was made.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name

Package = tuple[str, str]
"""A name and the version that is locked."""


class NoListError(ValueError):
    """The file is no such list, or versions in it cannot be compared."""


@dataclass(frozen=True)
class AffectedVersions:
    """What is known of which package, and since when."""

    made: date
    specifiers: Mapping[str, Sequence[str]]

    def of(self, packages: Iterable[Package]) -> list[tuple[str, str, str]]:
        """Name, version and specifier of each package that is affected; NoListError where one cannot be compared."""
        return [
            (name, version, each)
            for name, version in packages
            for each in self.specifiers.get(canonicalize_name(name), ())
            if _holds(each, version)
        ]

    def names(self, packages: Iterable[Package]) -> int:
        """Count the packages that the list knows any vulnerability of."""
        return sum(canonicalize_name(name) in self.specifiers for name, _ in packages)


def read(file: Path) -> AffectedVersions:
    """Read a list; NoListError says what is wrong with it."""
    try:
        content = json.loads(file.read_bytes())
        made = datetime.fromtimestamp(content.pop("$meta")["timestamp"], UTC).date()
        return AffectedVersions(made, {canonicalize_name(name): list(each) for name, each in content.items()})
    except OSError as error:
        raise NoListError(f"{file} cannot be read: {error.strerror}") from error
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
        raise NoListError(f"{file} is no list of affected versions such as safety-db's insecure.json") from error


def _holds(specifier: str, version: str) -> bool:
    try:
        return SpecifierSet(specifier).contains(version, prereleases=True)
    except (InvalidSpecifier, TypeError, AttributeError) as error:
        raise NoListError(f"The list has versions that cannot be compared: {specifier!r}") from error
