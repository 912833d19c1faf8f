"""How what takes long says how far it is."""

from collections.abc import Callable

ShareProgress = Callable[[float, str], None]
"""Called with the share that is done, from 0 to 1, and a few words."""
CountProgress = Callable[[int, int], None]
"""Called with how many are done, and of how many."""


def unheard(*_progress: object) -> None:
    """Progress that nobody wants to hear of."""
