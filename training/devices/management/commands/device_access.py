"""`manage.py device_access`: a user of Redis for one device, limited to its own queue."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from training.devices.fleet import access
from training.devices.models import Device


class Command(BaseCommand):
    """Print the command for Redis and the address for the device."""

    help = "Print what lets a device wait at its own queue on Redis, and at nothing else (docs/devices.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("device", help="name of a device that has joined")

    def handle(self, *args: Any, device: str, **options: Any) -> None:
        """Print two lines, so that a script can take them: for Redis, for the device."""
        named = list(Device.objects.filter(name=device)[:2])
        if len(named) != 1:
            raise CommandError(f"No device is named “{device}”." if not named else f"Two devices are named “{device}”.")
        try:
            made = access.new_access(named[0], settings.CELERY_BROKER_URL)
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(made.acl)
        self.stdout.write(f"python3 agent.pyz worker --broker {made.broker}")
        self.stderr.write(
            "The first line is for redis-cli, the second for the device. The password is not shown again."
        )
