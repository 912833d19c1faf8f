"""`manage.py start` as a person uses it: it answers, starts again quickly, brings back what dies, stops cleanly."""

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from functools import partial

import pytest

from tests.product import ROOT, Product, parent_of, wait_until

SECOND_START = 4
"""How many times what `manage.py check` takes, which slow and busy machines are slower at as well; 2.2 was measured."""


def head(pids: list[int]) -> int:
    """The one of a family of processes that the others descend from."""
    [first] = [pid for pid in pids if parent_of(pid) not in pids]
    return first


def replaced(product: Product, words: str, before: list[int]) -> bool:
    """Whether all of a family is gone, and another one of as many is there."""
    now = product.named(words)
    return len(now) == len(before) and not set(now) & set(before)


def started_and_stopped(product: Product) -> float:
    """Seconds until it answered; then it is stopped, and nothing of it is left."""
    begin = time.monotonic()
    product.start()
    seconds = time.monotonic() - begin
    assert product.stop() == 0
    wait_until(lambda: not product.processes(), seconds=10)
    return seconds


@pytest.mark.timeout(180)
def test_starts_again_quickly_and_stops_cleanly(product: Product) -> None:
    started_and_stopped(product)
    assert "/admin/" in product.output()
    begin = time.monotonic()
    product.manage("check")
    limit = SECOND_START * (time.monotonic() - begin)
    seconds = started_and_stopped(product)
    assert seconds < limit
    assert "Traceback" not in product.output()


FAMILIES = {"worker-training": 2, "worker-data-short": 2, "granian": 2, " beat ": 1}
"""What the command line says, and how many processes there are of it, the first of them the others' parent."""


@pytest.mark.timeout(120)
def test_what_dies_is_started_again_and_takes_its_children_along(migrated: Product) -> None:
    migrated.start()
    wait_until(lambda: {words: len(migrated.named(words)) for words in FAMILIES} == FAMILIES, seconds=40)
    before = {words: migrated.named(words) for words in FAMILIES}
    for pids in before.values():
        os.kill(head(pids), signal.SIGKILL)
    for words, pids in before.items():
        wait_until(partial(replaced, migrated, words, pids), seconds=40)
    wait_until(migrated.answers)
    assert not {pid for pids in before.values() for pid in pids} & {*migrated.processes()}


@pytest.mark.timeout(60)
def test_busy_port_is_one_line(product: Product) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = str(server.getsockname()[1])
        done = product.manage("start", "--port", port, check=False)
    assert done.returncode != 0
    assert done.stderr.strip().splitlines() == [done.stderr.strip()]
    assert f"Port {port} is busy" in done.stderr


@pytest.mark.timeout(120)
def test_the_password_is_printed_once_and_the_key_is_private(migrated: Product) -> None:
    del migrated.environment["PROPIS_ADMIN_PASSWORD"]
    first, second = migrated.manage("setup").stdout, migrated.manage("setup").stdout
    assert "password: " in first
    assert "password: " not in second
    mode = stat.S_IMODE((migrated.var / "secret_key").stat().st_mode)
    assert mode == 0o600
    assert (
        subprocess.run(
            [sys.executable, "manage.py", "check"], cwd=ROOT, env=migrated.environment, check=False
        ).returncode
        == 0
    )
