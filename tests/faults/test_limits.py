"""What a machine runs out of: room on the disk, memory; and a worker that runs out of date."""

import contextlib
import resource
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import recipes
from tests.faults.conftest import Undisturbed
from tests.product import Product, parent_of, wait_until

pytestmark = pytest.mark.processor_seconds(600)  # the first test also sets up the product that all of them share
DISK_BYTES = 8 * 2**20
STAYS_FULL_SECONDS = 5.0


@pytest.fixture(scope="module")
def small_disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A disk of a few MiB; skips where this user may mount none."""
    folder = tmp_path_factory.mktemp("disk")
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no mount here")
    if done.returncode:
        pytest.skip(f"a small disk cannot be mounted: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture(scope="module")
def started(
    undisturbed: Undisturbed, small_disk: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Product, str]]:
    """A product at work whose checkpoints are on the small disk, and what a run of it ends with."""
    product = undisturbed.copy(tmp_path_factory.mktemp("product"))
    checkpoints = product.var / "checkpoints"
    checkpoints.rmdir()
    checkpoints.symlink_to(small_disk)
    product.work("--queues", "training")
    yield product, undisturbed.weights_sha256
    product.kill()


def checkpoints_of(product: Product, key: int) -> list[str]:
    """The names of a run's checkpoints, the oldest first."""
    return sorted(path.name for path in (product.var / "checkpoints" / str(key)).iterdir())


def fill(file: Path) -> None:
    """Let a file grow until nothing else fits on its disk."""
    with file.open("ab", buffering=0) as filler, contextlib.suppress(OSError):
        while True:
            filler.write(bytes(4096))


def test_a_run_waits_while_the_disk_is_full_and_goes_on(started: tuple[Product, str], small_disk: Path) -> None:
    product, weights = started
    key = recipes.queue(product)
    recipes.wait_for_epoch(product, key)
    filler = small_disk / "filler"

    def told_full() -> list[str]:
        """Fill the disk again each time: a checkpoint that was just given up leaves room for the next."""
        fill(filler)
        return recipes.events(product, key, "disk full")

    wait_until(told_full)
    wait_until(lambda: "room on the disk" in recipes.run_of(product, key)["progress_text"])
    full = recipes.run_of(product, key)
    kept = checkpoints_of(product, key)
    assert kept[-1] == f"epoch-{full['epoch']:06d}.npz"
    time.sleep(STAYS_FULL_SECONDS)
    later = recipes.run_of(product, key)
    assert (later["state"], later["epoch"], later["attempt"]) == ("running", full["epoch"], full["attempt"])
    assert checkpoints_of(product, key) == kept, "the last good checkpoint stays, and no half of another"
    filler.unlink()
    recipes.wait_for_end(product, [key])
    recipes.assert_like_undisturbed(product, key, weights)
    assert recipes.run_of(product, key)["attempt"] == 1
    assert recipes.events(product, key, "disk full") == ["no room is left on the disk"]


def trainer(product: Product, key: int) -> int:
    """The process that has a run."""
    return int(recipes.run_of(product, key)["worker"].rpartition(":")[2])


def test_memory_that_runs_out_costs_one_attempt_at_most_and_its_process(started: tuple[Product, str]) -> None:
    product, weights = started
    key = recipes.queue(product)
    recipes.wait_for_epoch(product, key)
    pid = trainer(product, key)
    resource.prlimit(pid, resource.RLIMIT_AS, (1, resource.RLIM_INFINITY))
    wait_until(lambda: not parent_of(pid))
    recipes.wait_for_end(product, [key])
    recipes.assert_like_undisturbed(product, key, weights)
    attempt = recipes.run_of(product, key)["attempt"]
    if attempt == 1:  # what it had was enough for its end, and then for nothing more
        assert "a fresh process is to try" in product.output()
        return
    assert attempt == 2
    assert trainer(product, key) != pid
    assert recipes.events(product, key, "attempt failed") or recipes.events(product, key, "worker lost")
    said = product.output()  # SQLite says of a process without memory that the database does not answer
    assert f"runs.run {key}: memory ran out" in said or f"runs.run {key}: the database did not answer" in said


def test_a_worker_with_older_code_leaves_a_run_to_others_and_says_why(started: tuple[Product, str]) -> None:
    product, weights = started
    newer = recipes.queue(product, "Run.CODE_VERSION += 1")
    ours = recipes.queue(product)
    recipes.wait_for_end(product, [ours])
    recipes.assert_like_undisturbed(product, ours, weights)
    [said] = wait_until(lambda: recipes.events(product, newer, "code too old"))
    assert "update and restart it" in said
    run = recipes.run_of(product, newer)
    assert (run["state"], run["attempt"]) == ("queued", 0)
    wait_until(lambda: said in product.output())
    recipes.shell(product, f"from training.runs.models import Run; Run.objects.get(pk={newer}).delete()")
