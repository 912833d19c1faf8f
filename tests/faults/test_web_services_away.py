"""Redis and PostgreSQL away or silent: letters are read, and the API's errors are JSON."""

import json
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.faults.postgres_server import PostgresServer, cluster
from tests.faults.redis_server import RedisServer, own_redis
from tests.faults.wire import ask, read_letter
from tests.product import Product, embedded, wait_until

pytestmark = pytest.mark.processor_seconds(600)


@dataclass(frozen=True)
class Site:
    """A started web server and what it uses."""

    product: Product
    redis: RedisServer
    postgres: PostgresServer


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A web server on a PostgreSQL and a Redis of the test's own; one process, so that each request meets it."""
    folder = tmp_path_factory.mktemp("site")
    with own_redis(folder) as redis, cluster() as postgres:
        services = {
            "DATABASE_URL": postgres.url,
            "BROKER_URL": redis.url,
            "CACHE_URL": redis.url.replace("redis://", "rediscache://"),
            "PROPIS_WEB_PROCESSES": "1",
        }
        product = Product(folder, embedded(folder) | services)
        product.start("--only", "web")
        yield Site(product, redis, postgres)
        product.kill()


def test_a_letter_is_read_while_redis_is_silent(site: Site) -> None:
    pid = site.redis.pid
    os.kill(pid, signal.SIGSTOP)
    try:
        assert [read_letter(site.product) for _number in range(10)] == [200] * 10
    finally:
        os.kill(pid, signal.SIGCONT)


def test_a_letter_is_read_while_redis_is_away(site: Site) -> None:
    site.redis.kill()
    try:
        assert [read_letter(site.product) for _number in range(10)] == [200] * 10
    finally:
        site.redis.start()


def test_a_letter_is_read_while_postgresql_is_away(site: Site) -> None:
    site.postgres.stop()
    try:
        assert [read_letter(site.product) for _number in range(10)] == [200] * 10
        donation = {"strokes": [[[0, 0], [1, 1]]], "letter": "Ж", "consent": True}
        headers = {"Content-Type": "application/json"}
        status, kind, body = ask(site.product, "POST", "/api/drawings", json.dumps(donation).encode(), headers)
        assert (status, kind.partition(";")[0]) == (503, "application/json")
        assert json.loads(body)["error"]
    finally:
        site.postgres.start()
    wait_until(lambda: ask(site.product)[0] == 200)
