"""What is stored about somebody, as JSON; and the account deleted, with what is nobody else's."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import Group
from django.core import serializers
from django.db import transaction
from django.db.models import ManyToOneRel

from accounts.administrators import check_one_stays
from accounts.models import User

SECRET = ("password", "token_sha256", "session_key", "session_epoch", "key")


def exported(user: User) -> dict[str, Any]:
    """The account, and every row that names it, by kind: what is added later is among them."""
    rows = {"accounts.user": _plain([user])}
    for relation in User._meta.get_fields(include_hidden=True):
        model = getattr(relation, "related_model", None)
        if isinstance(relation, ManyToOneRel) and model is not None and not model._meta.auto_created:
            found = model._base_manager.filter(**{relation.field.name: user}).order_by("pk")
            rows.setdefault(model._meta.label_lower, []).extend(_plain(found))
    groups = list(Group.objects.filter(user=user).values_list("name", flat=True))
    return {"name": user.get_username(), "groups": groups, "rows": {kind: its for kind, its in rows.items() if its}}


def _plain(rows: Any) -> list[dict[str, Any]]:
    """Rows with all their fields but the secret ones."""
    return [
        {"key": row["pk"], **{name: value for name, value in row["fields"].items() if name not in SECRET}}
        for row in serializers.serialize("python", rows)
    ]


def delete_account(user: User, *, sign_out: Callable[[], None]) -> None:
    """Sign out and delete it; what somebody started or made stays without an owner.

    Raises:
        LastAdministratorError: no administrator would be left.

    """
    with transaction.atomic():
        check_one_stays([user.pk] if user.is_superuser else [])
        sign_out()  # while there is somebody whose log-out can be written down
        User.objects.filter(pk=user.pk).delete()
