"""`manage.py remove_second_factor NAME`: for whoever has lost both the app and the recovery codes."""

from argparse import ArgumentParser
from typing import Any

from axes.utils import reset
from django.core.management import BaseCommand, CommandError

from accounts import second_factor, sign_ins
from accounts.models import User


class Command(BaseCommand):
    """Let somebody sign in with the password alone, and end his sessions."""

    help = "Turn off somebody's second factor, whose app and recovery codes are lost; all their sessions end."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the argument."""
        parser.add_argument("name", help="whose")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        """Turn it off, and let who was locked out try again."""
        user = User.objects.filter(username=name).first()
        if user is None:
            raise CommandError(f"Nobody is named {name}.")
        if not second_factor.turn_off(user):
            raise CommandError(f"{name} has no second factor.")
        sign_ins.end_all(user)
        reset(username=name)
        self.stdout.write(f"{name} signs in with the password alone. Whoever was signed in by this name is signed out.")
