"""How long the server waits for a visitor, and how much it takes from one."""

from dataclasses import dataclass

from django.conf import settings

KIB, MIB = 2**10, 2**20
SWITCH_SECONDS = 0.0005
"""How soon a thread that computes lets another one go on."""
GRACE_SECONDS = 5
"""What is being answered at the end may take so long yet."""


@dataclass(frozen=True)
class Patience:
    """Seconds and amounts that end a connection.

    Attributes:
        head: seconds from the first byte of a request, or from connecting, until its head is whole.
        idle: seconds for which a connection may stay open between two requests.
        body: seconds for a body, plus one for each `slowest` bytes of it that have come.
        slowest: bytes of a body that come in a second at least, once `body` has passed.
        answer: seconds in which a visitor takes some of an answer (what the server keeps for him gets emptier).
        turn: seconds that a request waits for its turn in a lane; then the server says that it is busy.
        linger: seconds for which a refused body is still read and thrown away, so that the refusal arrives.
        head_bytes: of the longest head.

    """

    head: float = 10.0
    idle: float = 15.0
    body: float = 15.0
    slowest: int = 8 * KIB
    answer: float = 20.0
    turn: float = 30.0
    linger: float = 2.0
    head_bytes: int = 32 * KIB


@dataclass(frozen=True)
class Room:
    """How many connections of one process are open at once: of one address, and in all."""

    of_an_address: int = 250
    in_all: int = 1_000


def patience() -> Patience:
    """The patience of this product; PROPIS_PATIENCE multiplies all of its seconds."""
    usual = Patience()
    names = ("head", "idle", "body", "answer", "turn", "linger")
    return Patience(**{name: getattr(usual, name) * settings.PATIENCE for name in names})
