"""`manage.py clock`: the clock alone, as the supervisor starts it."""

from typing import Any

from django.core.management import BaseCommand

from training.jobs.worker import clock


class Command(BaseCommand):
    """Do the short work of each period until the process ends."""

    help = "Put lost jobs back, make the next trials of sweeps, prune: each period, until Ctrl-C."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the clock."""
        try:
            clock.run()
        except KeyboardInterrupt:
            self.stderr.write("The clock was stopped.")
