"""A site, Redis, a device it wakes and an HTTP agent, each killed in the middle: every benchmark has one result."""

import os
import shutil
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import redis

from tests import prepared
from tests.faults.device import CELERY_TOO, AgentProcess, python_with
from tests.faults.redis_server import RedisServer, own_redis
from tests.faults.rows import rows
from tests.product import Product, embedded, wait_until

pytestmark = [pytest.mark.faults, pytest.mark.processor_seconds(400)]
NAMES = ("agent", "worker")
QUEUE = """
from recognizer.models import StoredModel
from training.devices import services
from training.devices.models import Benchmark, Device
from training.jobs import lifecycle
Benchmark.objects.all().delete()
model = StoredModel.objects.get(name="tiny")
for device in Device.objects.all():
    for batch_size in (10, 20):
        lifecycle.enqueue(services.new_benchmark(model, batch_size=batch_size, images=10_000, repeats=60,
                                                 wanted_device=device))
"""
ANOTHER_MACHINE = "UPDATE devices_device SET key = 'ffffffffffffffffffffffffffffffff' WHERE name = 'agent'"
REVOKE = "UPDATE devices_device SET revoked_at = CURRENT_TIMESTAMP"
CODES = "from training.devices.fleet import tokens; print(tokens.new_code(by=None), tokens.new_code(by=None))"
STATES = "SELECT id, state, attempt, invalid, error, result_id, wanted_device_id FROM devices_benchmark ORDER BY id"


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis of the test's own."""
    with own_redis(tmp_path) as server:
        yield server


@pytest.fixture
def site(tmp_path: Path, queue: RedisServer) -> Iterator[Product]:
    """A product with a data set, whose messages go through Redis."""
    folder = tmp_path / "site"
    shutil.copytree(prepared.product_with_data(), folder)
    made = Product(folder, embedded(folder) | {"PROPIS_PATIENCE": "20", "BROKER_URL": queue.url})
    yield made
    made.kill()


@pytest.fixture
def devices(tmp_path: Path) -> Iterator[list[AgentProcess]]:
    """One with numpy alone, one with Celery, too; neither has Django, the site's settings or its folder."""
    archive = tmp_path / "agent.pyz"
    made = [
        AgentProcess(python_with(tmp_path / f"python-{name}", "numpy", *more), tmp_path / name, archive)
        for name, more in zip(NAMES, ((), CELERY_TOO), strict=True)
    ]
    yield made
    for each in made:
        each.kill()


def states(site: Product) -> list[dict[str, Any]]:
    """Every benchmark."""
    return rows(site, STATES)


def shell(site: Product, script: str) -> str:
    """Run a script in the product; what it printed."""
    return site.manage("shell", "--verbosity", "0", "--command", script).stdout


def change(site: Product, sql: str) -> None:
    """Change the product's database as an administrator might, but at once."""
    with closing(sqlite3.connect(site.var / "propis.sqlite3", timeout=900)) as connection, connection:
        connection.execute(sql)


def join(site: Product, device: AgentProcess, name: str, code: str) -> None:
    """Make a process a device; its code is good once."""
    joined = device.call("join", site.url, code, "--name", name)
    assert joined.returncode == 0, joined.stderr
    again = device.call("join", site.url, code)
    assert again.returncode == 4
    assert "used before" in again.stderr


def give_access(site: Product, queue: RedisServer, worker: AgentProcess) -> str:
    """Let the worker wait at its queue; returns the command that a Redis without files needs again after a restart."""
    acl, line = site.manage("device_access", "worker").stdout.splitlines()
    allow(queue, acl)
    worker.command = tuple(line.split()[2:])
    return acl


def allow(queue: RedisServer, acl: str) -> None:
    """Give Redis a command as redis-cli would."""
    with redis.Redis.from_url(queue.url) as client:
        client.execute_command(*acl.split())


def at_work(devices: list[AgentProcess]) -> list[AgentProcess]:
    """Those that are in the middle of a measurement, as soon as one is."""
    return wait_until(lambda: [device for device in devices if device.measures()])


def kill_site(site: Product) -> None:
    """End all its processes at once."""
    for pid in site.processes():
        os.kill(pid, signal.SIGKILL)
    assert site.process is not None
    site.process.wait(timeout=900)


def test_every_benchmark_ends_with_one_result(site: Product, queue: RedisServer, devices: list[AgentProcess]) -> None:
    site.start()
    address = f"{site.url}/devices/agent.pyz"
    subprocess.run(["curl", "-fsS", address, "-o", str(devices[0].archive)], check=True, timeout=900)
    agent, worker = devices
    first, second = shell(site, CODES).split()
    join(site, agent, "agent", first)
    change(site, ANOTHER_MACHINE)
    join(site, worker, "worker", second)
    acl = give_access(site, queue, worker)
    shell(site, QUEUE)

    for device in devices:
        device.start()
    alive = list(devices)
    while alive:
        device = at_work(alive)[0]
        device.kill()
        device.start()
        alive.remove(device)
    worker.command = ("worker",)  # it has kept the address of its queue
    wait_until(lambda: len({row["wanted_device_id"] for row in states(site) if row["attempt"] > 1}) == 2)
    busy = at_work(devices)
    queue.kill()  # the site and Redis go away in the middle, and are started again
    kill_site(site)
    wait_until(lambda: all(device.results() for device in busy), seconds=900)
    queue.start()
    allow(queue, acl)
    site.start()
    wait_until(lambda: all(row["state"] == "succeeded" for row in states(site)))

    ended = states(site)
    assert [(row["state"], row["invalid"], row["error"]) for row in ended] == [("succeeded", "", "")] * 4
    assert len({row["result_id"] for row in ended} - {None}) == 4
    wait_until(lambda: not any(device.results() for device in devices))
    change(site, REVOKE)
    for device in devices:
        assert device.process is not None
        assert device.process.wait(timeout=900) == 4, "it has nothing more to ask"
        assert "revoked" in device.log.read_text()
    with redis.Redis.from_url(queue.url) as client:
        assert client.execute_command("ACL", "LOG") == [], "the worker's user may do all that it does"
