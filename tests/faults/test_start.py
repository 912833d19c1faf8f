"""`manage.py start` as a person uses it: it answers, starts again quickly, brings back what dies, stops cleanly."""

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from tests.product import ROOT, Product, wait_until


def named(product: Product, words: str) -> list[int]:
    """Processes of this product whose command line has these words."""
    found = []
    for pid in product.processes():
        try:
            line = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if words in line:
            found.append(pid)
    return found


def replaced(product: Product, words: str, before: list[int]) -> bool:
    """Whether there are processes with these words that were not there before."""
    return bool(set(named(product, words)) - set(before))


@pytest.mark.timeout(120)
def test_starts_twice_and_stops_cleanly(product: Product) -> None:
    product.start()
    assert "/admin/" in product.output()
    assert product.stop() == 0
    wait_until(lambda: not product.processes(), seconds=10)

    begin = time.monotonic()
    product.start()
    seconds = time.monotonic() - begin
    assert seconds < 8, f"the second start took {seconds:.1f} s"
    product.stop()
    wait_until(lambda: not product.processes(), seconds=10)
    assert "Traceback" not in product.output()


@pytest.mark.timeout(60)
def test_what_dies_is_started_again(product: Product) -> None:
    product.start()
    wait_until(lambda: len(named(product, "worker-training")) >= 2)
    for words in ("worker-training", "granian", "beat"):
        for pid in (before := named(product, words)):
            os.kill(pid, signal.SIGKILL)
        wait_until(partial(replaced, product, words, before))
        assert before, f"nothing ran as {words}"
    wait_until(product.answers)


def test_busy_port_is_one_line(product: Product) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = str(server.getsockname()[1])
        done = product.manage("start", "--port", port, check=False)
    assert done.returncode != 0
    assert done.stderr.strip().splitlines() == [done.stderr.strip()]
    assert f"Port {port} is busy" in done.stderr


def test_the_password_is_printed_once_and_the_key_is_private(product: Product) -> None:
    del product.environment["PROPIS_ADMIN_PASSWORD"]
    first, second = product.manage("setup").stdout, product.manage("setup").stdout
    assert "password: " in first
    assert "password: " not in second
    mode = stat.S_IMODE((product.var / "secret_key").stat().st_mode)
    assert mode == 0o600
    assert (
        subprocess.run(
            [sys.executable, "manage.py", "check"], cwd=ROOT, env=product.environment, check=False
        ).returncode
        == 0
    )
