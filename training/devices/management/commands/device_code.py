"""`manage.py device_code`: a code with which one machine becomes a device."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from training.devices.fleet import tokens
from training.devices.models import Device


class Command(BaseCommand):
    """Make a single-use code, as the page of devices does."""

    help = "Print a code, valid once and for an hour, with which a machine becomes a device (docs/devices.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("--device", help="name of a device that is there, for a new token of it")

    def handle(self, *args: Any, device: str | None, **options: Any) -> None:
        """Print the code alone, so that a script can take it."""
        row = None if device is None else Device.objects.filter(name=device).first()
        if device is not None and row is None:
            raise CommandError(f"No device is named “{device}”.")
        self.stdout.write(tokens.new_code(by=None, device=row))
