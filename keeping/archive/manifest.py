"""What a backup says of itself."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import PurePosixPath
from typing import Any

from keeping.kept_files import TOPS

FORMAT = 1
MANIFEST, DATABASE, FILES = "manifest.json", "database.sqlite3", "files"


class ManifestError(ValueError):
    """It is no manifest of a backup that this code can read; the message says why."""


@dataclass(frozen=True)
class Member:
    """A file in a backup."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What is in a backup.

    Attributes:
        created: when the rows were copied, in UTC.
        database: the kind of database that they were copied from.
        identity: of the folder of all state.
        rows: how many each table has.
        members: every other file of the backup, by its name there.

    """

    created: str
    database: str
    identity: str
    rows: dict[str, int]
    members: dict[str, Member]
    format: int = FORMAT
    product: str = field(default="propis")

    def to_json(self) -> bytes:
        """Write it."""
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()

    @classmethod
    def from_json(cls, data: bytes) -> "Manifest":
        """Read it.

        Raises:
            ManifestError: it is damaged, of a later format, or names files where none belong.

        """
        try:
            content: dict[str, Any] = json.loads(data)
            if content["product"] != "propis":
                raise ManifestError("it is a backup of something else")
            if content["format"] != FORMAT:
                raise ManifestError(f"it has format {content['format']}, and this version reads {FORMAT}")
            members = {
                name: Member(int(each["size"]), str(each["sha256"])) for name, each in content["members"].items()
            }
            found = cls(**content | {"members": members})
        except ManifestError:
            raise
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise ManifestError(f"its manifest is damaged: {error}") from error
        if stray := next((name for name in members if not _belongs(name)), None):
            raise ManifestError(f"it names a file where none belongs: {stray}")
        return found

    @property
    def total(self) -> int:
        """Bytes of all its files."""
        return sum(member.size for member in self.members.values())


def _belongs(name: str) -> bool:
    """Whether a member goes where files of an installation are; none leads out of the folder."""
    if name == DATABASE:
        return True
    parts = PurePosixPath(name).parts
    return name.isprintable() and "\\" not in name and ".." not in parts and parts[:1] == (FILES,) and parts[1] in TOPS
