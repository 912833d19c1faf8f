"""Join codes: who opens `/join/CODE/` chooses a name and a password, and has a role until the code's end."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import codes
from accounts.models import JoinCode, User
from accounts.roles import PERMISSIONS, TRAINER, VIEWER


class JoinRefusedError(Exception):
    """Nobody joins by this code; the message is a sentence for whoever tried."""


def make_code(*, role: str, places: int, days: int, by: Any) -> JoinCode:
    """Let so many people join for so long."""
    end = timezone.now() + timedelta(days=days)
    return JoinCode.objects.create(code=codes.new_code(), role=role, places=places, ends_at=end, created_by=by)


def find(typed: str) -> JoinCode | None:
    """The code as people type it."""
    return JoinCode.objects.filter(code=codes.as_written(typed[:50])).first()


def check_open(code: JoinCode) -> None:
    """Refuse one that is closed, over or full.

    Raises:
        JoinRefusedError: see there.

    """
    if not code.is_open:
        raise JoinRefusedError(_("This code is closed. Ask for another one."))
    if code.members.count() >= code.places:
        raise JoinRefusedError(_("All %(places)d places are taken.") % {"places": code.places})


def join(code: JoinCode, user: User) -> User:
    """Save a new user as a member until the code's end; of two who take the last place at once only one does.

    Raises:
        JoinRefusedError: the code is closed, over or full.

    """
    with transaction.atomic():
        code = JoinCode.objects.select_for_update().get(pk=code.pk)
        check_open(code)
        user.joined_by, user.member_until = code, code.ends_at
        user.save()
        user.groups.set(Group.objects.filter(name=code.role))
    return user


def close(code: JoinCode) -> None:
    """Let nobody in any more; who has joined stays until the end."""
    JoinCode.objects.filter(pk=code.pk, closed_at=None).update(closed_at=timezone.now())


def end(code: JoinCode) -> None:
    """Close it, and end the membership of all who have joined."""
    close(code)
    now = timezone.now()
    User.objects.filter(joined_by=code, member_until__gt=now).update(member_until=now)
    end_memberships()


def end_memberships() -> None:
    """Make viewers of trainers whose time is over. The clock calls it each period."""
    over = list(User.objects.filter(member_until__lte=timezone.now(), groups__name=TRAINER))
    if over:
        viewers = Group.objects.get(name=VIEWER)
        for user in over:
            user.groups.remove(*user.groups.filter(name__in=PERMISSIONS))
            user.groups.add(viewers)
