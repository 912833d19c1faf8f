"""Administrators: at least one who can sign in stays, whatever two of them do at once."""

from collections.abc import Collection

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User


class LastAdministratorError(Exception):
    """No administrator would be left; the message is a sentence for whoever tried."""


def administrators() -> QuerySet[User]:
    """Those who may do everything and can sign in."""
    return User.objects.filter(is_superuser=True, is_staff=True, is_active=True)


def check_one_stays(leaving: Collection[int]) -> None:
    """Refuse to delete, demote or shut out the last administrators. Call it inside the transaction that does so.

    Raises:
        LastAdministratorError: no other administrator would be left.

    """
    # Locked in one order: of two who remove each other, the second waits here and then no longer finds the first.
    keys = set(administrators().select_for_update().order_by("pk").values_list("pk", flat=True))
    if keys and keys <= set(leaving):
        raise LastAdministratorError(_("This is the last administrator: make somebody else one first."))
