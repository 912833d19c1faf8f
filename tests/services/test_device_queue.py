"""A device's user of Redis: it waits at its own queue, is woken there, and can read and do nothing else."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from celery import Celery
from redis.exceptions import NoPermissionError, RedisError

from tests.faults.redis_server import RedisServer, own_redis
from tests.product import ROOT, wait_until
from training.devices.fleet import access
from training.devices.fleet.access import Access
from training.devices.models import Device
from training.devices.remote.celery_worker import QUEUE, user_of

WORKER = """
import sys
from training.devices.remote import celery_worker

def ask(sleep, longest_idle):
    while True:
        print("asks", flush=True)
        sleep(3600)

sys.exit(celery_worker.work(sys.argv[1], ask))
"""
REFUSED = """
import sys
from training.devices.remote import celery_worker
from training.devices.remote.loop import FatalError

def ask(sleep, longest_idle):
    raise FatalError("The token of this device was revoked.")

sys.exit(celery_worker.work(sys.argv[1], ask))
"""
FORBIDDEN = (
    ("BRPOP", "training", "1"), ("LLEN", "short"), ("GET", "secret"), ("LPUSH", "training", "{}"),
    ("BRPOP", "propis-device-12:look", "1"), ("SMEMBERS", "_kombu.binding.training"), ("SADD", "secret", "x"),
    ("KEYS", "*"), ("SCAN", "0"), ("RANDOMKEY",), ("DEL", "propis-device-1:look"), ("SET", "propis-device-1:x", "y"),
    ("FLUSHALL",), ("FLUSHDB",), ("CONFIG", "GET", "*"), ("CONFIG", "SET", "dir", "/tmp"), ("SHUTDOWN",), ("SAVE",),
    ("MONITOR",), ("ACL", "LIST"), ("ACL", "SETUSER", "other", "on"), ("CLIENT", "LIST"), ("CLIENT", "KILL", "ID", "1"),
    ("EVAL", "return 1", "0"), ("SCRIPT", "LOAD", "return 1"), ("INFO",), ("MODULE", "LIST"),
    ("SUBSCRIBE", "any"), ("PSUBSCRIBE", "*"), ("PUBLISH", "any", "x"), ("REPLICAOF", "NO", "ONE"), ("DUMP", "secret"),
)  # fmt: skip


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis in which other queues and a secret are."""
    with own_redis(tmp_path) as server:
        with redis.Redis.from_url(server.url) as client:
            for name in ("training", "short", "propis-device-12:look"):
                client.lpush(name, "{}")
            client.set("secret", "x")
        yield server


@pytest.fixture
def granted(queue: RedisServer) -> Access:
    """What the command prints for the device 1, given to Redis."""
    made = access.new_access(Device(pk=1), queue.url)
    with redis.Redis.from_url(queue.url) as client:
        client.execute_command(*made.acl.split())
    return made


@pytest.mark.django_db
def test_a_device_can_read_no_other_queue(queue: RedisServer, granted: Access) -> None:
    with redis.Redis.from_url(granted.broker) as client:
        assert client.lpush(f"{user_of(1)}:{QUEUE}", "{}") == 1
        assert client.brpop([f"{user_of(1)}:{QUEUE}"], 1) is not None
        for command in FORBIDDEN:
            with pytest.raises(NoPermissionError):
                client.execute_command(*command)
    with redis.Redis.from_url(queue.url) as client:
        assert (client.llen("training"), client.llen("propis-device-12:look"), client.get("secret")) == (1, 1, b"x")
        assert granted.broker.split(":")[2].partition("@")[0] not in str(client.execute_command("ACL", "LIST"))


@pytest.mark.django_db
def test_a_wrong_password_is_refused(queue: RedisServer, granted: Access) -> None:
    wrong = granted.broker.replace("@", "x@")
    with redis.Redis.from_url(wrong) as client, pytest.raises(RedisError):
        client.ping()


@pytest.mark.django_db
def test_a_message_wakes_the_worker(
    queue: RedisServer, granted: Access, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has no Django settings, and what wakes another does not wake it."""
    monkeypatch.setattr(access, "current_app", Celery("site", broker=queue.url, set_as_current=False))
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "PROPIS", "BROKER"))}
    output = tmp_path / "output.txt"
    with output.open("w") as log, subprocess.Popen(
        [sys.executable, "-c", WORKER, granted.broker], cwd=ROOT, env=kept, stdout=log, stderr=subprocess.STDOUT
    ) as worker:  # fmt: skip
        try:
            with redis.Redis.from_url(queue.url) as client:
                wait_until(lambda: asked(output) == 1)
                access.wake(Device(pk=12, name="another"))
                access.wake(Device(pk=1, name="ours"))
                wait_until(lambda: asked(output) == 2)
                assert worker.poll() is None
                assert client.llen("propis-device-12:look") == 1, "one message that nobody has taken says it all"
                assert client.execute_command("ACL", "LOG") == [], "the worker may do all that it does"
        finally:
            worker.kill()


@pytest.mark.django_db
@pytest.mark.parametrize("is_there", [True, False])
def test_a_device_that_is_not_let_in_ends(queue: RedisServer, granted: Access, is_there: bool) -> None:
    if not is_there:
        queue.kill()
    words = [sys.executable, "-c", REFUSED, granted.broker]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 4, done.stderr
    assert "was revoked" in done.stderr


def asked(output: Path) -> int:
    """How often the worker's loop has asked."""
    return output.read_text().count("asks")
