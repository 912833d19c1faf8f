"""Imports that somebody has begun and not confirmed yet, kept with his session so that he finds them again."""

from typing import Any

from training.datasets.imports.drafts import Draft

KEY = "import_drafts"
MOST = 5
"""Kept at once: an older one can still be confirmed by its address."""


def remember(session: Any, draft: Draft, token: str) -> None:
    """Keep a new draft."""
    session[KEY] = [*_kept(session), [token, draft.name]][-MOST:]


def forget(session: Any, token: str) -> None:
    """Forget one that was confirmed or thrown away."""
    kept = _kept(session)
    left = [each for each in kept if each[0] != token]
    if left != kept:
        session[KEY] = left


def of(session: Any, user: int) -> list[tuple[str, str]]:
    """Token and name of each draft that can still be confirmed, the oldest first; nothing is written."""
    return [(token, name) for token, name in _kept(session) if Draft.read(token, user) is not None]


def _kept(session: Any) -> list[list[str]]:
    kept: list[list[str]] = session.get(KEY, [])
    return kept
