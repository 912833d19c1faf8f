"""Keys of rows as addresses, forms and searches have them: texts that anybody may write."""

MOST_DIGITS = 18
"""A number of more may not fit what a database counts rows by, 63 bits."""


def key_in(text: str) -> int | None:
    """The key that a text is, or None where it is none that a row could have."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None
