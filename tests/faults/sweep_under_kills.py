"""A sweep of short runs whose processes are killed at random: what must have come of it, as figures with verdicts."""

import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from benchmarks.harness import Figure
from tests.faults.folder import strays
from tests.faults.kills import TRAINING, Kill, Killer
from tests.faults.new_work import new_work
from tests.faults.redis_server import RedisServer
from tests.faults.rows import rows
from tests.product import ROOT, Product, wait_until

STUCK_SECONDS = 1500.0  # on a machine that has much else to do
POLL_SECONDS = 0.1
IDLE_SECONDS = 2.0  # at most so long after one kill the next one comes while nothing is done
LEFTOVERS_SECONDS = 10
CLEAN_SECONDS = 300.0  # at most until what the killed left is deleted: old enough, and the clock's next round
ENDED = ("succeeded", "failed", "cancelled")
DELAY_SECONDS = 0.3  # at most so long after an epoch's end a kill comes: at any instant of the next ones

TRIALS = """
SELECT t.position, t."values" AS varied, r.id, r.state, r.error, r.attempt, r.weights_sha256
FROM sweeps_trial t JOIN runs_run r ON r.id = t.run_id ORDER BY t.position
"""
EPOCHS = """
SELECT run_id, epoch, count(*) AS written FROM runs_epoch
WHERE run_id IN (SELECT run_id FROM sweeps_trial) GROUP BY run_id, epoch
"""
ENDS = """
SELECT job_id, count(*) AS ended FROM jobs_jobevent
WHERE kind = 'runs.run' AND name IN ('succeeded', 'failed', 'cancelled') GROUP BY job_id
"""
RESUMED = "SELECT job_id, attempt, text FROM jobs_jobevent WHERE kind = 'runs.run' AND name = 'goes on' ORDER BY id"


@dataclass(frozen=True)
class Plan:
    """How much of what."""

    runs: int
    epochs: int
    kills: int
    seed: int
    recovers_seconds: float = 30.0
    """At most from the last kill until new work has succeeded; a test of a busy machine allows more."""

    @property
    def space(self) -> dict[str, list[float]]:
        """A grid of that many trials."""
        return {"learning_rate": [0.002, 0.01], "l2": [round(0.1 * number, 1) for number in range(self.runs // 2)]}


@dataclass(frozen=True)
class Outcome:
    """What was done to a sweep, and what the database says afterwards."""

    kills: Sequence[Kill]
    trials: Sequence[Mapping[str, Any]]
    epochs: Mapping[tuple[int, int], int]
    ends: Mapping[int, int]
    resumed: Mapping[int, Sequence[tuple[int, int]]]
    """Of each run, the attempts that went on from a checkpoint, and after which epoch."""
    seconds: float
    """Of the sweep."""
    recovered_seconds: float
    """From the last kill until a new training, an import and a reading had succeeded."""
    strays: Sequence[str]
    """Files that belong to nothing, once leftovers had time to be deleted."""


# --- What is done ------------------------------------------------------------------------------------------------


def _sweep_words(product: Product, plan: Plan) -> list[str]:
    (product.var / "space.json").write_text(json.dumps(plan.space))
    options = ["--set", "batch_size=64", "--epochs", str(plan.epochs)]
    return ["sweep", "--dataset", "letters", "--space", str(product.var / "space.json"), *options, "--json"]


def undisturbed(product: Product, plan: Plan) -> dict[str, str]:
    """Train all of it, on the data set that is there, in one process that nobody kills.

    Returns the hash of the weights by the trial's values.
    """
    product.manage(*_sweep_words(product, plan), timeout=4 * 3600)
    return {_values(trial): trial["weights_sha256"] for trial in rows(product, TRIALS)}


def _values(trial: Mapping[str, Any]) -> str:
    varied = trial["varied"]
    return json.dumps(json.loads(varied) if isinstance(varied, str) else varied, sort_keys=True)


def disturbed(
    product: Product,
    plan: Plan,
    *,
    redis: RedisServer | None = None,
    on_kill: Callable[[Kill], None] = lambda _kill: None,
) -> Outcome:
    """Train it in the started product, and kill; then kill as many while nothing is done, and ask for new work.

    Raises AssertionError where it does not get on any more.
    """
    rng = random.Random(plan.seed)
    killer = Killer(product, rng, epochs=plan.epochs, redis=redis)
    began = time.monotonic()
    command = [sys.executable, "manage.py", *_sweep_words(product, plan), "--queue"]
    with subprocess.Popen(command, cwd=ROOT, env=product.environment, stdout=subprocess.DEVNULL) as waiting:
        try:
            due = sorted(rng.uniform(0, 0.95) * plan.runs * plan.epochs for _kill in range(plan.kills // 2))
            for epochs in due:
                _wait(product, partial(_has_written, product, epochs))
                time.sleep(rng.uniform(0, DELAY_SECONDS))
                on_kill(killer.strike())
            _wait(product, partial(_has_ended, product, plan))
        finally:
            waiting.kill()
    seconds = time.monotonic() - began
    with new_work(product) as work:
        for _kill in range(plan.kills - len(due)):
            time.sleep(rng.uniform(0, IDLE_SECONDS))
            on_kill(killer.strike())
        recovered = work.seconds_until_done()
    with suppress(AssertionError):
        wait_until(lambda: not strays(product), seconds=CLEAN_SECONDS)
    return _outcome(product, killer.kills, seconds, recovered)


def _has_ended(product: Product, plan: Plan) -> bool:
    return sum(trial["state"] in ENDED for trial in rows(product, TRIALS)) == plan.runs


def _written(product: Product) -> int:
    return int(rows(product, "SELECT count(*) AS written FROM runs_epoch")[0]["written"])


def _has_written(product: Product, epochs: float) -> bool:
    return _written(product) > epochs


def _wait(product: Product, holds: Callable[[], bool]) -> None:
    """Wait for something, as long as epochs are written meanwhile."""
    written, since = _written(product), time.monotonic()
    while not holds():
        time.sleep(POLL_SECONDS)
        if (now := _written(product)) != written:
            written, since = now, time.monotonic()
        assert time.monotonic() - since < STUCK_SECONDS, f"nothing moves: {_states(product)}\n{product.output()}"


def _states(product: Product) -> Counter[str]:
    """How many trials are in each state."""
    return Counter(trial["state"] for trial in rows(product, TRIALS))


def _outcome(product: Product, kills: Sequence[Kill], seconds: float, recovered: float) -> Outcome:
    resumed: dict[int, list[tuple[int, int]]] = {}
    for event in rows(product, RESUMED):
        number = int("".join(letter for letter in event["text"] if letter.isdigit()))
        resumed.setdefault(event["job_id"], []).append((event["attempt"], number))
    return Outcome(
        kills=kills,
        trials=rows(product, TRIALS),
        epochs={(row["run_id"], row["epoch"]): row["written"] for row in rows(product, EPOCHS)},
        ends={row["job_id"]: row["ended"] for row in rows(product, ENDS)},
        resumed=resumed,
        seconds=seconds,
        recovered_seconds=recovered,
        strays=strays(product),
    )


# --- What must have come of it ---------------------------------------------------------------------------------


def figures(outcome: Outcome, plan: Plan, expected: Mapping[str, str], stack: str) -> list[Figure]:
    """Every requirement as a figure with its threshold."""
    trials, keys = outcome.trials, [trial["id"] for trial in outcome.trials]
    whole = {(key, epoch): 1 for key in keys for epoch in range(1, plan.epochs + 1)}
    values: list[tuple[str, float, float, str, bool]] = [
        ("kills", len(outcome.kills), plan.kills, "", True),
        ("runs that succeeded", sum(trial["state"] == "succeeded" for trial in trials), plan.runs, "", True),
        ("trials that are there more than once", len(trials) - len({_values(trial) for trial in trials}), 0, "", False),
        ("runs that ended more than once", sum(ended > 1 for ended in outcome.ends.values()), 0, "", False),
        ("epochs doubled, missing or too many", len(outcome.epochs.items() ^ whole.items()), 0, "", False),
        ("weights not those of an undisturbed run", _strangers(trials, expected), 0, "", False),
        ("finished epochs lost by a kill, at most", _most_lost(outcome), 0, "", False),
        (
            "new training, import and reading after the last kill",
            outcome.recovered_seconds,
            plan.recovers_seconds,
            "s",
            False,
        ),
        ("files that belong to nothing", len(outcome.strays), 0, "", False),
    ]
    return [
        Figure(f"{stack}: {name}", value, unit, threshold, more_is_better=more)
        for name, value, threshold, unit, more in values
    ]


def _strangers(trials: Sequence[Mapping[str, Any]], expected: Mapping[str, str]) -> int:
    return sum(trial["weights_sha256"] != expected[_values(trial)] for trial in trials)


def _most_lost(outcome: Outcome) -> int:
    """Epochs that the next attempt trained again although they were written down before the kill."""
    lost = [0]
    for key, attempt, epoch in (hit for kill in outcome.kills for hit in kill.hits):
        later = [after for number, after in outcome.resumed.get(key, []) if number > attempt]
        lost += [epoch - later[0]] if later else []
    return max(lost)


def summary(outcome: Outcome, stack: str) -> list[tuple[str, ...]]:
    """Kills by victim: how many, and how many hit a running epoch."""
    counts = Counter(kill.victim for kill in outcome.kills)
    hits = Counter(kill.victim for kill in outcome.kills if kill.hits)
    return [(stack, name, str(count), str(hits[name]) if name == TRAINING else "") for name, count in counts.items()]


def quick(base: Mapping[str, str]) -> dict[str, str]:
    """The environment of a product that soon notices the dead and what they left, and trains two runs at a time."""
    shorter = {"PROPIS_HEARTBEAT_SECONDS": "2", "PROPIS_LEFTOVERS_SECONDS": str(LEFTOVERS_SECONDS)}
    return {**base, **shorter, "PROPIS_TRAINING_PROCESSES": "2"}
