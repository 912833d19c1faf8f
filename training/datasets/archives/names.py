"""Names in archives that do not say their encoding: UTF-8 where they are it, else the encoding that weighs most."""

from collections.abc import Iterable

from recognizer.messages import gettext as _
from training.datasets.content.encodings import weigh


class NameDecoder:
    """Decodes the names of one archive, all by one encoding but those that are UTF-8."""

    def __init__(self, names: Iterable[bytes], archive: str, chosen: str = "") -> None:
        """Weigh the encodings by all names that are no UTF-8; `chosen` is what a person has said."""
        folders = {part for name in names if not _is_utf8(name) for part in name.replace(b"\\", b"/").split(b"/")[:-1]}
        self._weighed = weigh(folders, _("The file names in %(archive)s") % {"archive": archive}, chosen)
        self.question = self._weighed.question

    def __call__(self, name: bytes) -> str:
        """Decode a name."""
        return name.decode("utf-8" if _is_utf8(name) else self._weighed.encoding, "replace")


def undecoded(name: str) -> bytes:
    """The bytes of a name as the system gives it, with what it could not decode."""
    return name.encode("utf-8", "surrogateescape")


def is_odd(name: str) -> bool:
    """Whether the system could not decode a name."""
    return not name.isascii() and any("\udc80" <= character <= "\udcff" for character in name)


def _is_utf8(name: bytes) -> bool:
    try:
        name.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
