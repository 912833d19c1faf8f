"""The review of donated drawings: what is decided of them, and how the last decision is taken back."""

from collections.abc import Sequence
from typing import TypeAlias

from django.db import transaction

from recognizer.core.alphabet import RUSSIAN
from recognizer.donations import services
from recognizer.donations.services import DonationError
from recognizer.messages import gettext as _
from recognizer.models import Drawing, Review

ACCEPT, RELABEL, REJECT = "accept", "relabel", "reject"
STATES = {ACCEPT: Review.ACCEPTED, RELABEL: Review.ACCEPTED, REJECT: Review.REJECTED}

Before: TypeAlias = list[tuple[int, str, str]]
"""Keys of drawings with the state and the letter that they had, which JSON can hold."""


def decide(keys: Sequence[int], action: str, letter: str = "") -> Before:
    """Accept drawings as their letter or as another one, or reject them; return what they were before.

    Raises:
        DonationError: no such action or letter, or no drawing.

    """
    if action not in STATES:
        raise DonationError(_("No action was chosen."))
    if action == RELABEL and letter not in tuple(RUSSIAN):
        raise DonationError(_("Choose a letter."))
    changed = {"state": STATES[action]} | ({"letter": letter} if action == RELABEL else {})
    with transaction.atomic():
        chosen = Drawing.objects.select_for_update().filter(pk__in=keys)
        before = list(chosen.values_list("pk", "state", "letter"))
        services.decide(chosen, **changed)
    if not before:
        raise DonationError(_("No picture was chosen."))
    return before


def restore(before: Before) -> list[int]:
    """Make drawings again what they were; return the keys of those that are still there."""
    with transaction.atomic():
        for key, state, letter in before:
            services.decide(Drawing.objects.filter(pk=key), state=state, letter=letter)
    return list(Drawing.objects.filter(pk__in=[key for key, *_rest in before]).values_list("pk", flat=True))


def decision_of(drawing: Drawing) -> tuple[str, str]:
    """What was decided of a drawing: the action, and its letter if another one was claimed; empty texts if nothing."""
    if drawing.state == Review.PENDING:
        return "", ""
    if drawing.state == Review.REJECTED:
        return REJECT, ""
    return (ACCEPT, "") if drawing.letter == drawing.claimed else (RELABEL, drawing.letter)
