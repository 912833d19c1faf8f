"""`manage.py start`: set up, then web server, workers and clock under one supervisor. `make run` calls it."""

import os
import shutil
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command

from hwrsite.processes import lan as network
from hwrsite.processes import supervision, web, workers

EVERYWHERE = "0.0.0.0"  # noqa: S104  (asked for by --lan)


class Command(BaseCommand):
    """Start the whole product, or one part of it."""

    help = "Set up and start the product: web server, workers and clock, until Ctrl-C."
    requires_system_checks: list[str] = []  # `make lint` and the tests run them; a start need not wait for them

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the address and the part."""
        parser.add_argument(
            "--host", default=os.environ.get("HOST", "127.0.0.1"), help="address to listen on (default: 127.0.0.1)"
        )
        parser.add_argument(
            "--port", type=int, default=os.environ.get("PORT", "8000"), help="port to listen on (default: 8000)"
        )
        parser.add_argument("--lan", action="store_true", help="listen on this machine's network, for a phone nearby")
        parser.add_argument("--only", choices=["web"], help="start this part alone")

    def handle(self, *args: Any, host: str, port: int, only: str | None, lan: bool = False, **options: Any) -> None:
        """Check the port, set up, become the supervisor."""
        if not 0 < port < 65536:
            raise CommandError(f"Port {port} does not exist: choose one from 1 to 65535.")
        nearby = _admit_network() if lan else ""
        host = EVERYWHERE if lan else host
        lock = supervision.hold_folder(f"http://{host}:{port}/")
        if not web.port_is_free(host, port):
            os.close(lock)
            raise CommandError(
                f"Port {port} is busy: stop the program that uses it, or choose another: PORT={port + 1} make run"
            )
        call_command("setup", stdout=self.stdout)
        shutil.rmtree(settings.FIGURES_FOLDER, ignore_errors=True)  # no process counts now: begin anew
        programs = web.programs(host=host, port=port)
        if only != "web":
            programs += workers.programs(settings.QUEUES)
        here = "127.0.0.1" if lan else host
        self.stdout.write(self.style.SUCCESS(f"Propis is at http://{here}:{port}/  (admin: /admin/; stop with Ctrl-C)"))
        if nearby:
            self.stdout.write(network.invitation(f"http://{nearby}:{port}/"))
        self.stdout.flush()
        supervision.run(programs, lock=lock)


def _admit_network() -> str:
    """Let the site answer under this machine's addresses, and return the one to tell.

    Raises:
        CommandError: it has none.

    """
    found = network.addresses()
    if not found:
        raise CommandError("This machine has no address on a network: connect it first.")
    os.environ["PROPIS_HOSTS"] = ",".join(dict.fromkeys([*settings.ALLOWED_HOSTS, *network.names()]))
    return found[0]
