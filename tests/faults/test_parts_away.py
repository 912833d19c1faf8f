"""Database, broker, clock and data set at their worst, on both stacks: nothing is lost and nothing is done twice.

Two clocks tick in all of these tests.
"""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import redis

from tests.faults import recipes
from tests.faults.conftest import Undisturbed
from tests.faults.postgres_server import PostgresServer
from tests.faults.redis_server import RedisServer
from tests.faults.rows import rows, running
from tests.faults.stacks import EMBEDDED, SERVERS, stack
from tests.faults.visitor import Visitor
from tests.product import ROOT, Product, wait_until

pytestmark = pytest.mark.processor_seconds(600)  # the first test also sets up the product that all of them share
TIMES = 3
LOCKED_SECONDS, RESTARTED_SECONDS = 7.0, 3.0
"""The lock lasts longer than the three heartbeats of 2 s that a worker may miss."""
TRIALS = 4


@dataclass(frozen=True)
class Parts:
    """A started product and the services that it uses, and what a run of it ends with where nobody disturbs it."""

    product: Product
    undisturbed: str
    first: int
    """A run whose message came three times."""
    redis: RedisServer | None = None
    postgres: PostgresServer | None = None


@pytest.fixture(scope="module", params=[EMBEDDED, SERVERS])
def parts(
    request: pytest.FixtureRequest, undisturbed: Undisturbed, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Parts]:
    """A product that starts with a message three times in its queue, and with two clocks."""
    with ExitStack() as left:
        made = left.enter_context(stack(request.param, tmp_path_factory.mktemp("stack") / "product"))
        product = made.product
        product.environment["PROPIS_WEB_PROCESSES"] = "1"
        key = recipes.queue(product)
        _repeat_message(product, made.redis)
        product.start()
        left.enter_context(_clock(product))
        recipes.wait_for_end(product, [key])  # before anything else is done to it
        yield Parts(product, undisturbed.weights_sha256, key, made.redis, made.postgres)


@contextmanager
def _clock(product: Product) -> Iterator[None]:
    """One more clock."""
    command = [sys.executable, "manage.py", "clock"]
    with subprocess.Popen(command, cwd=ROOT, env=product.environment, stdout=subprocess.DEVNULL) as process:
        yield
        process.terminate()


def _repeat_message(product: Product, broker: RedisServer | None) -> None:
    """Let the queue deliver its one message three times."""
    if broker is not None:
        with redis.Redis.from_url(broker.url) as client:
            [message] = client.lrange("training", 0, -1)
            client.lpush("training", *[message] * (TIMES - 1))
        return
    folder = product.var / "queue" / "messages"
    [message] = folder.glob("*.training.msg")
    for _time in range(TIMES - 1):
        stamp = message.name.partition("_")[0]
        (folder / f"{stamp}_{uuid.uuid4()}.training.msg").write_bytes(message.read_bytes())


def test_a_message_that_comes_three_times_leads_to_one_attempt(parts: Parts) -> None:
    recipes.assert_like_undisturbed(parts.product, parts.first, parts.undisturbed)
    assert recipes.run_of(parts.product, parts.first)["attempt"] == 1
    assert len(recipes.events(parts.product, parts.first, "started")) == 1


def _sweep_words(product: Product, dataset: str, *, trials: int, epochs: int) -> list[str]:
    """The command of a random search by the workers."""
    space = product.var / "space.json"
    space.write_text('{"learning_rate": {"low": 0.001, "high": 0.1, "log": true}}')
    limits = ["--strategy", "random", "--trials", str(trials), "--set", "batch_size=64", "--epochs", str(epochs)]
    return ["sweep", "--dataset", dataset, "--space", str(space), *limits, "--queue"]


def test_two_clocks_make_each_trial_once(parts: Parts) -> None:
    product = parts.product
    assert len(product.named(" clock ")) == 2
    answer = product.call_json(*_sweep_words(product, "letters", trials=TRIALS, epochs=20))
    assert (answer["state"], answer["reason"]) == ("succeeded", "trials")
    trials = rows(
        product,
        'SELECT t.position, t."values", r.attempt FROM sweeps_trial t JOIN runs_run r ON r.id = t.run_id'
        f" WHERE t.sweep_id = {answer['sweep']}",
    )
    assert sorted(trial["position"] for trial in trials) == list(range(TRIALS))
    assert len({str(trial["values"]) for trial in trials}) == TRIALS
    assert {trial["attempt"] for trial in trials} == {1}


@contextmanager
def _broker_away(parts: Parts) -> Iterator[None]:
    """No broker: its server is killed, or its folder is gone and cannot be made again."""
    if parts.redis is not None:
        parts.redis.kill()
        yield
        parts.redis.start()
        return
    folder = parts.product.var / "queue" / "messages"
    away = folder.rename(folder.with_name("away"))
    folder.touch()
    yield
    folder.unlink()
    away.rename(folder)


def test_a_run_made_while_the_broker_is_down_is_accepted_and_done(parts: Parts) -> None:
    product = parts.product
    visitor = Visitor(product)
    with _broker_away(parts):
        [dataset] = rows(product, "SELECT id FROM datasets_dataset WHERE name = 'letters'")
        asked = {name: str(value) for name, value in recipes.CHANGES.items()}
        chosen = {"datasets": str(dataset["id"]), "preset": "small", "priority": "0"}
        visitor.send("/admin/runs/run/add/", chosen | asked)
        key = max(row["id"] for row in rows(product, "SELECT id FROM runs_run"))
        assert f"/runs/{key}/" in visitor.open("/runs/")
        if parts.redis is not None:  # a worker that has lost it looks into the tables; without a folder there is none
            wait_until(lambda: recipes.run_of(product, key)["state"] != "queued")
    recipes.wait_for_end(product, [key])
    recipes.assert_like_undisturbed(product, key, parts.undisturbed)
    assert recipes.run_of(product, key)["attempt"] == 1


def _take_database_away(parts: Parts) -> None:
    """Lock it from another process's connection for a while, or restart its server as after a crash."""
    if parts.postgres is not None:
        parts.postgres.stop()
        time.sleep(RESTARTED_SECONDS)
        parts.postgres.start()
        return
    path: Path = parts.product.var / "propis.sqlite3"
    with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        time.sleep(LOCKED_SECONDS)
        connection.execute("ROLLBACK")


def test_a_database_that_is_locked_or_restarted_costs_no_run(parts: Parts) -> None:
    product = parts.product
    key = recipes.queue(product)
    recipes.wait_for_epoch(product, key)
    _take_database_away(parts)
    assert recipes.run_of(product, key)["state"] in ("queued", "running")
    wait_until(product.answers)
    recipes.wait_for_end(product, [key])
    recipes.assert_like_undisturbed(product, key, parts.undisturbed)


DELETED = "Data set “doomed” was deleted."


def test_a_data_set_that_is_deleted_ends_its_sweep_with_a_reason(parts: Parts) -> None:
    product = parts.product
    product.call("import_dataset", str(product.var / "letters.zip"), "--name", "doomed", "--again", "--yes")
    [dataset] = rows(product, "SELECT id FROM datasets_dataset WHERE name = 'doomed'")
    visitor = Visitor(product)  # who signs in now, so that nothing takes long once both runs are at work
    words = [*_sweep_words(product, "doomed", trials=8, epochs=2 * recipes.EPOCHS), "--json"]
    command = [sys.executable, "manage.py", *words]
    with subprocess.Popen(command, cwd=ROOT, env=product.environment, stdout=subprocess.PIPE, text=True) as waiting:
        wait_until(lambda: sum(run.epoch > 0 for run in running(product)) == 2)
        lost, other = running(product)
        visitor.send(f"/admin/datasets/dataset/{dataset['id']}/delete/", {"post": "yes"})
        os.kill(lost.pid, signal.SIGKILL)
        answer = json.loads(waiting.communicate(timeout=900)[0])
    assert (answer["state"], answer["reason"], waiting.returncode) == ("succeeded", "dataset", 0)
    trials = f"SELECT run_id FROM sweeps_trial WHERE sweep_id = {answer['sweep']} ORDER BY position"
    keys = [trial["run_id"] for trial in rows(product, trials)]
    ends = {key: (run["state"], run["error"]) for key in keys for run in [recipes.run_of(product, key)]}
    assert ends.pop(lost.key) == ("failed", DELETED), "it begins again, and there is nothing to begin with"
    assert ends.pop(other.key) == ("succeeded", ""), "it had read its letters"
    assert ends, "some waited"
    assert set(ends.values()) <= {("cancelled", ""), ("failed", DELETED)}
    for key in (key for key, (state, _error) in ends.items() if state == "cancelled"):
        assert recipes.events(product, key, "cancelled") == ["its data set was deleted"]
