"""`manage.py worker`: workers and clock, as `make run` starts them, without the web server."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from hwrsite import database
from hwrsite.processes import supervision, workers
from keeping.restoring import swap


class Command(BaseCommand):
    """Work on queued jobs until Ctrl-C."""

    help = "Start workers and the clock under the supervisor."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the queues."""
        parser.add_argument(
            "--queues", default=",".join(settings.QUEUES), help=f"some of {', '.join(settings.QUEUES)} (default: all)"
        )

        parser.add_argument("--without-clock", action="store_true", help="start no clock; another machine has one")

    def handle(self, *args: Any, queues: str, without_clock: bool, **options: Any) -> None:
        """Become the supervisor of the workers."""
        names = [name.strip() for name in queues.split(",") if name.strip()]
        if unknown := [name for name in names if name not in settings.QUEUES]:
            raise CommandError(f"No queue is named {', '.join(unknown)}; there are: {', '.join(settings.QUEUES)}.")
        if swap.begun():
            raise CommandError("A restore was cut short: `manage.py setup` finishes it.")
        database.refuse_newer()
        database.wait_for_tables(self._say)
        self._say(f"Workers for {', '.join(names)} start (stop with Ctrl-C)")
        supervision.run(workers.programs(names, clock=not without_clock))

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()
