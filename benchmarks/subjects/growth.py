"""Processor time of every address of the site, with as many rows as a busy year leaves (`tests.world.LARGE`).

Usage: python -m benchmarks.subjects.growth. The state is a folder of its own, thrown away in the end. Each address of
the resolver is asked by an administrator and by a visitor; then somebody of each role follows every link that he is
shown, lists further on, sorted, searched and filtered among them. What takes long is asked again, and its best time
counts.
"""

import json
import os
import tempfile
import time
from typing import Any

REPEATS, OF_A_SHAPE, OF_A_VIEW = 3, 3, 20
"""OF_A_SHAPE: links to a view that differ in the values of what they ask alone; OF_A_VIEW: to a view in all."""
MOST_SECONDS_ONCE = 0.15
"""What is asked again, since something else may have come between."""
FIRST_ROW = "the first line of all runs as CSV"
EXPORT = "all runs as CSV"


def main() -> None:
    """Measure in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="propis-growth-") as folder:
        os.environ.update(PROPIS_VAR=folder, DJANGO_SETTINGS_MODULE="hwrsite.settings", PROPIS_LOG_LEVEL="CRITICAL")
        import django  # the folder of the state must be known before the settings are read

        django.setup()
        print(json.dumps(measure()), flush=True)


def measure() -> dict[str, Any]:
    """Seconds of processor time by address, of whoever waits longer; those of links; what failed; the exports."""
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.test import Client

    from tests import world
    from tests.addresses import addresses

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    world.build(world.LARGE)
    get_user_model().objects.create_superuser("administrator")
    visitor, administrator = Client(SERVER_NAME="localhost"), _client_of("administrator")
    found = {
        address.name: max(_best(client, address.to_a_row()) for client in (visitor, administrator))
        for address in addresses()
        if address.name != "runs:export"
    }
    exports = {FIRST_ROW: _best(visitor, "/runs/runs.csv", pieces=3), EXPORT: _best(visitor, "/runs/runs.csv")}
    links, failed = _links()
    return {"addresses": found, "exports": exports, "links": links, "failed": failed}


def _links() -> tuple[dict[str, float], list[str]]:
    """Seconds of each kind of link by role, the slowest of its kind; and links that led to an error of the server."""
    from tests.hwrsite.growth.crawling import crawl

    seconds: dict[str, float] = {}
    failed = []
    for role in ("visitor", "viewer", "trainer", "administrator"):
        client = _client_of(role)
        for each in crawl(client, of_a_shape=OF_A_SHAPE, of_a_view=OF_A_VIEW):
            if each.visit.status >= 500:
                failed.append(f"{role}: {each.url}")
            if each.view == "runs:export":  # it is sent while it is made, and stands apart
                continue
            taken = each.visit.seconds
            if taken > MOST_SECONDS_ONCE:
                taken = min(taken, _best(client, each.url))
            name = f"{role}: {each.shape}"
            seconds[name] = max(seconds.get(name, 0.0), taken)
    return seconds, failed


def _client_of(role: str) -> Any:
    """Somebody of that role, signed in unless he is a visitor."""
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import Group
    from django.test import Client

    client = Client(SERVER_NAME="localhost", raise_request_exception=False)
    if role != "visitor":
        user, _is_new = get_user_model().objects.get_or_create(username=role)
        user.groups.set(Group.objects.filter(name=role))
        client.force_login(user)
    return client


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
