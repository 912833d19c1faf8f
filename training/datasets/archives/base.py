"""What every kind of archive shares: its interface, its limits, and the checks of names and sizes."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import IO, NamedTuple, Protocol

from django.template.defaultfilters import filesizeformat

from recognizer.messages import gettext as _
from training.datasets.content.questions import Question
from training.datasets.errors import ArchiveError

STREAMED = re.compile(r"\.(npy|npz|csv|zip|tar|tgz|gz)$|ubyte$", re.IGNORECASE)
"""Names of files that are read in pieces, so that only the limit of all together holds for them."""
_PLAIN = re.compile(r"(?:[A-Za-z0-9_]+/)*[A-Za-z0-9_]+\.[A-Za-z0-9]+").fullmatch
"""Whether a name is of the commonest kind, in which nothing can be wrong."""
_DRIVE = re.compile(r"^[A-Za-z]:")
_ESCAPED = re.compile(r"#U([0-9A-Fa-f]{4})")
"""A character as unzip writes it where the system's encoding has no place for it."""


@dataclass(frozen=True)
class ArchiveLimits:
    """How much an archive may hold. Sizes are bytes after unpacking."""

    files: int = 300_000
    total_bytes: int = 4 * 2**30
    file_bytes: int = 64 * 2**20
    ratio: int = 100
    """How many times its packed size something may become …"""
    ratio_from: int = 2**20
    """… asked only of what is larger than this, since small blank pictures pack very well."""


class Content(NamedTuple):
    """One file of an archive: its bytes, or the fault that kept them from being read."""

    name: str
    data: bytes
    fault: str = ""


class Archive(Protocol):
    """A checked archive. Names are in its own order, with `/` between folders, in Unicode's form NFC."""

    @property
    def names(self) -> Sequence[str]:
        """Names of its files."""

    @property
    def question(self) -> Question | None:
        """What the names do not tell: the encoding they are in; mostly nothing."""

    def read(self, wanted: Callable[[str], bool]) -> Iterator[Content]:
        """Yield the wanted files one by one, in the archive's order; each is read into memory when its turn comes.

        Raises:
            ArchiveError: the archive as a whole is damaged.

        """

    def open(self, name: str) -> AbstractContextManager[IO[bytes]]:
        """Open one file to be read front to back, however large it is.

        Raises:
            ArchiveError: it is not there, or its bytes are damaged (also while they are read).

        """

    def close(self) -> None:
        """Release the file."""


class Counted(Archive, Protocol):
    """An archive that knows how large all its files are together."""

    @property
    def unpacked_bytes(self) -> int:
        """Bytes of all its files, unpacked."""


class Census:
    """Checks each name and size as it is met, and counts."""

    def __init__(self, archive: str, limits: ArchiveLimits) -> None:
        """Count for the archive of this name."""
        self.archive = archive
        self.limits = limits
        self.files = 0
        self.total = 0

    def add(self, raw_name: str, size: int, packed: int | None = None) -> str:
        """Take in one file and return its name as we use it.

        Raises:
            ArchiveError: the name leads out of the archive, or a limit is passed.

        """
        name = self.checked_name(raw_name)
        self.files += 1
        self.total += size
        if self.files > self.limits.files:
            self._refuse(_("it holds more than %(limit)d files") % {"limit": self.limits.files})
        if size > self.limits.file_bytes and not STREAMED.search(name):
            self._refuse_size(name, size, self.limits.file_bytes)
        if self.total > self.limits.total_bytes:
            self._refuse(_("it unpacks to more than %(limit)s") % {"limit": filesizeformat(self.limits.total_bytes)})
        if packed is not None:
            self.check_ratio(name, size, packed)
        return name

    def checked_name(self, raw_name: str) -> str:
        """Return the name with `/` between folders; refuse one that is absolute or has `..` in it."""
        if _PLAIN(raw_name):
            return raw_name
        if not raw_name.strip("/\\"):
            self._refuse(_("a file in it has no name"))
        name = raw_name.replace("\\", "/").replace("\0", "\ufffd")  # no database takes a NUL
        name = _ESCAPED.sub(_unescaped, name)
        if not name.isascii():
            name = name.encode("utf-8", "replace").decode("utf-8")  # it may have had bytes of another encoding
            name = unicodedata.normalize("NFC", name)
        if name.startswith("/") or _DRIVE.match(name):
            self._refuse(_("the name %(name)s in it is absolute") % {"name": _shown(name)})
        if ".." in name and ".." in name.split("/"):
            self._refuse(_("the name %(name)s in it leads out of it") % {"name": _shown(name)})
        return name.removeprefix("./")

    def check_ratio(self, name: str, size: int, packed: int) -> None:
        """Refuse what grows too much in unpacking."""
        if size > self.limits.ratio_from and size > self.limits.ratio * max(packed, 1):
            self._refuse(
                _("%(name)s in it unpacks to more than %(ratio)d times its packed size")
                % {"name": _shown(name), "ratio": self.limits.ratio}
            )

    def refuse_special(self, raw_name: str) -> None:
        """Refuse a link, a device, or anything else that is neither file nor folder."""
        self._refuse(_("%(name)s in it is a link or a special file") % {"name": _shown(raw_name)})

    def _refuse_size(self, name: str, size: int, limit: int) -> None:
        what = {"name": _shown(name), "size": filesizeformat(size), "limit": filesizeformat(limit)}
        self._refuse(_("%(name)s in it is %(size)s; no file may pass %(limit)s") % what)

    def _refuse(self, reason: str) -> None:
        raise ArchiveError(_("%(archive)s was not imported: %(reason)s.") % {"archive": self.archive, "reason": reason})


def _unescaped(match: re.Match[str]) -> str:
    """The character of an escape; one that stands for a plain or half a character stays as it is written."""
    character = chr(int(match[1], 16))
    return match[0] if character.isascii() or "\ud800" <= character <= "\udfff" else character


def damaged(archive: str, reason: object) -> ArchiveError:
    """Make the error that says that an archive as a whole is damaged."""
    return ArchiveError(_("%(archive)s is a damaged archive: %(reason)s.") % {"archive": archive, "reason": reason})


def _shown(name: str) -> str:
    """A hostile name, made fit to print."""
    return repr(name if len(name) <= 120 else name[:120] + "…")
