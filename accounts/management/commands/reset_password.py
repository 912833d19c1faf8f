"""`manage.py reset_password [NAME]`: a new password for whoever has forgotten theirs."""

import secrets
from argparse import ArgumentParser
from typing import Any

from axes.utils import reset
from django.core.management import BaseCommand, CommandError

from accounts.administrators import administrators
from accounts.models import User

SHOWN = 10


class Command(BaseCommand):
    """Set a password that is made up, and print it once."""

    help = "Give an administrator, or whoever is named, a new password and print it once; all their sessions end."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the argument."""
        parser.add_argument("name", nargs="?", help="whose (default: the administrator's, where there is one)")

    def handle(self, *args: Any, name: str | None, **options: Any) -> None:
        """Set it, and let who was locked out try again."""
        user = _named(name) if name else _only_administrator()
        password = secrets.token_urlsafe(12)
        user.set_password(password)
        user.save(update_fields=["password"])
        reset(username=user.get_username())
        self.stdout.write(f"{user.get_username()}   password: {password}")
        self.stdout.write("It is shown only this once. Whoever was signed in by this name is signed out.")
        if not user.is_active:
            self.stderr.write(
                f"{user.get_username()} is not active and cannot sign in: an administrator can change that."
            )


def _named(name: str) -> User:
    user = User.objects.filter(username=name).first()
    if user is None:
        raise CommandError(f"Nobody is named {name}. Administrators: {_names() or 'none'}.")
    return user


def _only_administrator() -> User:
    found = list(administrators().order_by("pk")[:2])
    if not found:
        raise CommandError("There is no administrator who can sign in: `manage.py setup` makes one.")
    if len(found) > 1:
        raise CommandError(f"Say whose: {_names()}.")
    return found[0]


def _names() -> str:
    return ", ".join(administrators().order_by("pk").values_list("username", flat=True)[:SHOWN])
