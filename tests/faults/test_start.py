"""`manage.py start` as a person uses it: it answers, starts again at once, brings back what dies, stops cleanly."""

import os
import shutil
import signal
import socket
import stat
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.faults import recipes
from tests.product import Product, embedded, free_port, parent_of, wait_until


def heads(pids: list[int]) -> list[int]:
    """Those of a family of processes that the others descend from."""
    return [pid for pid in pids if parent_of(pid) not in pids]


def replaced(product: Product, words: str, before: list[int]) -> bool:
    """Whether all of a family is gone, and another one of as many is there."""
    now = product.named(words)
    return len(now) == len(before) and not set(now) & set(before)


def started_and_stopped(product: Product, number: int) -> dict[Path, int]:
    """Start it, stop it by a signal, and nothing of it runs; what set-up has made, and when each file was written."""
    product.start()
    assert product.stop(number) == 0
    wait_until(lambda: not product.processes())
    made = [path for name in ("static", "models") for path in (product.var / name).rglob("*")]
    return {path: path.stat().st_mtime_ns for path in [*made, product.var / "secret_key"]}


@pytest.mark.processor_seconds(600)
def test_starts_again_without_setting_up_again_and_stops_cleanly(product: Product) -> None:
    first = started_and_stopped(product, signal.SIGINT)
    assert "/admin/" in product.output()
    told = product.output().count("is in the catalogue")
    assert started_and_stopped(product, signal.SIGTERM) == first, "what is there is not made again"
    assert product.output().count("is in the catalogue") == told
    assert "Traceback" not in product.output()


FAMILIES = {"worker-training": 1, "worker-data-short": 1, "propis: web": 2, "propis: pages": 2, "propis: clock": 1}
"""What a process is called, and how many processes there are of it."""


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A product with a data set, which each test finds started."""
    made = tmp_path_factory.mktemp("shared") / "product"
    shutil.copytree(recipes.with_letters(), made)
    product = Product(made, embedded(made) | {"PROPIS_TRAINING_PROCESSES": "1"})
    yield product
    product.kill()


@pytest.fixture
def started(shared: Product) -> Product:
    """A product all of whose processes are there, with nothing to do."""
    if shared.process is None:
        shared.start()
    wait_until(lambda: {words: len(shared.named(words)) for words in FAMILIES} == FAMILIES)
    return shared


@pytest.mark.processor_seconds(600)
def test_what_dies_is_started_again_and_takes_its_children_along(started: Product) -> None:
    before = {words: started.named(words) for words in FAMILIES}
    for pid in (pid for pids in before.values() for pid in heads(pids)):
        os.kill(pid, signal.SIGKILL)
    for words, pids in before.items():
        wait_until(partial(replaced, started, words, pids))
    wait_until(started.answers)
    assert not {pid for pids in before.values() for pid in pids} & {*started.processes()}


@pytest.mark.processor_seconds(600)
def test_all_end_with_a_supervisor_that_was_killed_and_a_start_follows(started: Product) -> None:
    assert started.process is not None
    before = set(started.processes())
    started.process.kill()
    started.process.wait()
    started.start()
    wait_until(lambda: not before & {*started.processes()})
    wait_until(started.answers)
    assert "busy" not in started.output()


@pytest.mark.processor_seconds(600)
def test_a_second_start_says_who_has_the_folder(started: Product) -> None:
    assert started.process is not None
    done = started.manage("start", "--port", str(free_port()), check=False)
    assert done.returncode != 0
    assert done.stderr.strip().splitlines() == [done.stderr.strip()]
    assert f"process {started.process.pid}, {started.url}/. Stop it first" in done.stderr


@pytest.mark.processor_seconds(600)
def test_a_closed_terminal_ends_all(started: Product) -> None:
    assert started.stop(signal.SIGHUP) == 0
    wait_until(lambda: not started.processes())


@pytest.mark.processor_seconds(600)
def test_busy_port_is_one_line(product: Product) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = str(server.getsockname()[1])
        done = product.manage("start", "--port", port, check=False)
    assert done.returncode != 0
    assert done.stderr.strip().splitlines() == [done.stderr.strip()]
    assert f"Port {port} is busy" in done.stderr


@pytest.mark.processor_seconds(600)
def test_the_password_is_printed_once_and_the_key_is_private(migrated: Product) -> None:
    del migrated.environment["PROPIS_ADMIN_PASSWORD"]
    first, second = migrated.call("setup"), migrated.call("setup")
    assert "password: " in first
    assert "password: " not in second
    mode = stat.S_IMODE((migrated.var / "secret_key").stat().st_mode)
    assert mode == 0o600
    migrated.call("check")
