"""Assumptions made in reading an archive, for its report: key and values are stored, and worded when shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy

WORDS: Mapping[str, Any] = {
    "from_one": gettext_lazy("The numbers of the letters start at 1: 1 is %(letter)s."),
    "look_alikes": gettext_lazy("Latin letters that look Cyrillic were taken for what they look like: %(pairs)s."),
    "two_kinds": gettext_lazy("Labels of two kinds, letters and numbers: %(labels)s were set aside."),
    "prefix": gettext_lazy("The numbers of the letters follow “%(prefix)s”."),
    "no_letters": gettext_lazy(
        "The table %(table)s names files, but which of its columns (%(columns)s) has the letters is not known: "
        "choose it (--labels)."
    ),
    "no_files": gettext_lazy(
        "The table %(table)s names no file of the archive: it has “%(row)s”, the archive “%(file)s”."
    ),
    "encoding": gettext_lazy("%(what)s does not say in which encoding it is; it was read as %(encoding)s."),
    "writer_folders": gettext_lazy("Folders were taken for writers, since the table gives the letters."),
}


@dataclass(frozen=True)
class Note:
    """One assumption: the key of its words, and the values in them."""

    key: str
    values: Mapping[str, str] = field(default_factory=dict)

    def in_words(self) -> str:
        """The sentence, in the language that is active."""
        return str(WORDS[self.key]) % self.values

    def stored(self) -> list[Any]:
        """Return it as JSON takes it."""
        return [self.key, dict(self.values)]


def read_note(stored: Any) -> str:
    """The sentence of a stored note; empty for one of a version of Propis that is newer."""
    try:
        key, values = stored
        return Note(key, values).in_words()
    except (KeyError, TypeError, ValueError):
        return ""
