"""Class sets: which letters a data set knows. A class set is data (a string of letters, index = label), no constant."""

import unicodedata


def label_of(text: str, letters: str) -> int | None:
    """Return the label that a folder's name or a table's cell means: the letter itself, or its number from 0."""
    text = unicodedata.normalize("NFC", text.strip())
    if text.isascii() and text.isdigit():
        number = int(text[:9])
        return number if number < len(letters) else None
    label = letters.find(text.upper()) if len(text) == 1 else -1
    return label if label >= 0 else None
