"""Codes that people type, and how codes and tokens are stored.

Codes have letters that none is taken for another; small letters and left-out hyphens are forgiven. A secret has so many
random bits that a fast hash keeps it.
"""

import hashlib
import secrets

LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
GROUPS, OF_A_GROUP = 2, 4
"""Of a code that a class types: 8 letters, 38 random bits; guesses are few a minute."""
TOKEN_BYTES = 32


def new_code(groups: int = GROUPS, of_a_group: int = OF_A_GROUP) -> str:
    """Make up a code."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(of_a_group)) for _ in range(groups))


def as_written(typed: str) -> str:
    """A code of a class as it is stored, from what somebody typed."""
    letters = "".join(each for each in typed.upper() if each.isalnum())
    return "-".join(letters[first : first + OF_A_GROUP] for first in range(0, len(letters), OF_A_GROUP))


def new_token() -> str:
    """Make up a token that programs send."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest(secret: str) -> str:
    """What is stored of a code or a token."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
