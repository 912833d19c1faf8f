"""A backup while a run trains; then everything is killed and deleted. The restored run ends with the same bits."""

import os
import shutil
import signal
from contextlib import suppress
from pathlib import Path

import pytest

from tests.faults import recipes
from tests.faults.conftest import Undisturbed
from tests.product import Product

pytestmark = pytest.mark.processor_seconds(300)


def test_destroyed_while_it_trains_and_restored_it_ends_with_the_same_bits(
    undisturbed: Undisturbed, tmp_path: Path
) -> None:
    product = undisturbed.copy(tmp_path / "var")
    product.environment["PROPIS_HEARTBEAT_SECONDS"] = "1"
    backup = tmp_path / "propis.zip"
    try:
        key = recipes.queue(product)
        product.work("--queues", "training")
        recipes.wait_for_epoch(product, key)
        product.call("backup", str(backup))
        destroy(product)

        product.manage("restore", str(backup))
        restored = recipes.run_of(product, key)
        assert restored["state"] == "running"
        assert 10 <= restored["epoch"] < recipes.EPOCHS
        product.work("--queues", "training")
        recipes.wait_for_end(product, [key])
        recipes.assert_like_undisturbed(product, key, undisturbed.weights_sha256)
        assert recipes.events(product, key, "goes on"), "its checkpoint was in the backup"
    finally:
        product.kill()


def destroy(product: Product) -> None:
    """Kill everything, and delete every row and file."""
    assert product.process is not None
    for pid in product.processes():
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    product.process.wait()
    product.process = None
    shutil.rmtree(product.var)
    product.var.mkdir()
