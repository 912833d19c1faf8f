"""Processor time of every address of the site, with as many rows as a busy year leaves (`tests.world.LARGE`).

Usage: python -m benchmarks.subjects.growth. The state is a folder of its own, thrown away in the end. Each address is
asked three times by an administrator and by a visitor, and its best time counts.
"""

import json
import os
import tempfile
import time
from typing import Any

REPEATS = 3
FIRST_ROW = "the first line of all runs as CSV"
EXPORT = "all runs as CSV"


def main() -> None:
    """Measure in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="propis-growth-") as folder:
        os.environ.update(PROPIS_VAR=folder, DJANGO_SETTINGS_MODULE="hwrsite.settings", PROPIS_LOG_LEVEL="CRITICAL")
        import django  # the folder of the state must be known before the settings are read

        django.setup()
        print(json.dumps(measure()), flush=True)


def measure() -> dict[str, float]:
    """Seconds of processor time by address, of whoever waits longer; beside them the export of all runs."""
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.test import Client

    from tests import world
    from tests.addresses import addresses

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    world.build(world.LARGE)
    visitor, administrator = Client(SERVER_NAME="localhost"), Client(SERVER_NAME="localhost")
    administrator.force_login(get_user_model().objects.create_superuser("administrator"))
    found = {
        address.name: max(_best(client, address.to_a_row()) for client in (visitor, administrator))
        for address in addresses()
        if address.name != "runs:export"
    }
    return found | {FIRST_ROW: _best(visitor, "/runs/runs.csv", pieces=3), EXPORT: _best(visitor, "/runs/runs.csv")}


def _best(client: Any, url: str, *, pieces: int | None = None) -> float:
    return min(_seconds(client, url, pieces) for _time in range(REPEATS))


def _seconds(client: Any, url: str, pieces: int | None) -> float:
    """Ask for an address, or for the first pieces of an answer that is sent while it is made."""
    began = time.process_time()
    response = client.get(url)
    assert response.status_code < 500, url
    if response.streaming:
        for number, _piece in enumerate(response.streaming_content, start=1):
            if number == pieces:
                break
    return time.process_time() - began


if __name__ == "__main__":
    main()
