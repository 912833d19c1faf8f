"""Products that are killed: on SQLite with the file queue, on PostgreSQL with a Redis of the test's own."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import prepared
from tests.faults import recipes
from tests.faults.postgres_server import PostgresServer, cluster, migrated
from tests.faults.redis_server import RedisServer, own_redis
from tests.faults.sweep_under_kills import quick
from tests.product import Product, embedded

EMBEDDED, SERVERS = "SQLite, file queue", "PostgreSQL, Redis"


@dataclass(frozen=True)
class Stack:
    """A product that is not started yet, and the servers that it uses."""

    product: Product
    redis: RedisServer | None = None
    postgres: PostgresServer | None = None


@contextmanager
def stack(name: str, folder: Path) -> Iterator[Stack]:
    """A product with its services, set up, with the data set of `recipes`; nothing of it is left running."""
    if name == EMBEDDED:
        shutil.copytree(recipes.with_letters(), folder)
        with _ended(Product(folder, quick(embedded(folder)))) as product:
            yield Stack(product)
        return
    base = recipes.with_letters_on_postgres()
    shutil.copytree(base / "var", folder)
    with cluster(base) as postgres, own_redis(folder) as redis:
        services = {"DATABASE_URL": postgres.url, "BROKER_URL": redis.url}
        with _ended(Product(folder, quick(embedded(folder)) | services)) as product:
            yield Stack(product, redis, postgres)


@contextmanager
def servers(folder: Path) -> Iterator[dict[str, str]]:
    """Environment of a product on a PostgreSQL with every table and no row, and a Redis, which nobody else uses."""
    shutil.copytree(prepared.product() / "static", folder / "static")
    with cluster(migrated()) as postgres, own_redis(folder) as redis:
        cache = redis.url.replace("redis://", "rediscache://")
        yield embedded(folder) | {"DATABASE_URL": postgres.url, "BROKER_URL": redis.url, "CACHE_URL": cache}


@contextmanager
def _ended(product: Product) -> Iterator[Product]:
    try:
        yield product
    finally:
        product.kill()
