"""Class sets: which letters a data set knows. A class set is data (a string of letters, index = label), no constant."""

import unicodedata
from collections.abc import Mapping
from pathlib import Path

from recognizer.core.alphabet import KAZAKH, RUSSIAN
from recognizer.messages import gettext as _
from training.datasets.errors import DatasetError

CLASS_SETS: Mapping[str, str] = {"russian": RUSSIAN, "all": KAZAKH}
"""Class sets with a name; `all` has every letter that a known archive carries."""
MOST = 250
"""Letters of a class set; a label takes one byte."""
_MAX_TEXT = 10_000


def label_of(text: str, letters: str) -> int | None:
    """Return the label that a folder's name or a table's cell means: the letter itself, or its number from 0."""
    text = unicodedata.normalize("NFC", text.strip())
    if text.isascii() and text.isdigit():
        number = int(text[:9])
        return number if number < len(letters) else None
    return letter_label(text, letters)


def letter_label(text: str, letters: str) -> int | None:
    """Return the label of a letter in form NFC, capital or small; None for any other text."""
    if len(text) != 1:
        return None
    label = letters.find(text)
    label = label if label >= 0 else letters.find(text.upper()) if len(text.upper()) == 1 else -1
    return label if label >= 0 else None


def class_set(choice: str) -> str:
    """Return the letters of a class set by its name, or from a text file.

    Raises:
        DatasetError: there is neither such a name nor such a file, or its text is not a class set.

    """
    if choice in CLASS_SETS:
        return CLASS_SETS[choice]
    try:
        with Path(choice).open("rb") as file:
            return letters_in(file.read(_MAX_TEXT).decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise DatasetError(_("%(path)s is not UTF-8 text.") % {"path": choice}) from error
    except (OSError, ValueError) as error:
        if isinstance(error, DatasetError):
            raise
        raise DatasetError(
            _("“%(choice)s” is neither a class set (%(known)s) nor a text file with letters.")
            % {"choice": choice, "known": ", ".join(CLASS_SETS)}
        ) from error


def letters_in(text: str) -> str:
    """Return the class set that a text lists: its letters in order, whatever spaces, commas and lines are between.

    Raises:
        DatasetError: fewer than two letters, too many, or one twice.

    """
    letters = "".join(unicodedata.normalize("NFC", text).replace(",", " ").split())
    twice = next((letter for letter in letters if letters.count(letter) > 1), None)
    if twice is not None:
        raise DatasetError(_("The class set has the letter %(letter)s twice.") % {"letter": twice})
    if not letters.isprintable() or not 2 <= len(letters) <= MOST:
        raise DatasetError(_("A class set has 2 to %(most)d different letters.") % {"most": MOST})
    return letters
