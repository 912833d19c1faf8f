"""`manage.py start`: set up, then web server, workers and clock under one supervisor. `make run` calls it."""

import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command

from hwrsite import supervision


class Command(BaseCommand):
    """Start the whole product, or one part of it."""

    help = "Set up and start the product: web server, workers and clock, until Ctrl-C."
    requires_system_checks: list[str] = []  # `make lint` and the tests run them; a start need not wait for them

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the address and the part."""
        parser.add_argument(
            "--host", default=os.environ.get("HOST", "127.0.0.1"), help="address to listen on (default 127.0.0.1)"
        )
        parser.add_argument(
            "--port", type=int, default=int(os.environ.get("PORT", "8000")), help="port to listen on (default 8000)"
        )
        parser.add_argument("--only", choices=["web"], help="start this part alone")

    def handle(self, *args: Any, host: str, port: int, only: str | None, **options: Any) -> None:
        """Check the port, set up, become the supervisor."""
        if not 0 < port < 65536:
            raise CommandError(f"Port {port} does not exist: choose one from 1 to 65535.")
        if not supervision.port_is_free(host, port):
            raise CommandError(
                f"Port {port} is busy: stop the program that uses it, or choose another: PORT={port + 1} make run"
            )
        call_command("setup", stdout=self.stdout)
        programs = [supervision.web(host=host, port=port)]
        if only != "web":
            programs += [*supervision.workers(settings.QUEUES), supervision.beat()]
        self.stdout.write(self.style.SUCCESS(f"Propis is at http://{host}:{port}/  (admin: /admin/; stop with Ctrl-C)"))
        self.stdout.flush()
        supervision.run(programs)
