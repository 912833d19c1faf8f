"""Workers on two machines that share no folder: the same bits as on one, whatever dies or is away."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import recipes
from tests.faults.rows import rows
from tests.product import Product, wait_until
from tests.services.hosts import Site, kill, site

pytestmark = pytest.mark.processor_seconds(900)
SHORT = ("--dataset", "letters", "--preset", "small", "--epochs", "2", "--set", "batch_size=64")
TRIALS = """
SELECT r.weights_sha256 FROM sweeps_trial t JOIN runs_run r ON r.id = t.run_id WHERE t.sweep_id = {} ORDER BY t.position
"""
DELETE = """
from recognizer import services
from recognizer.models import StoredModel
from training.runs.models import Run
Run.objects.get(pk={key}).delete()
services.remove(StoredModel.objects.get(weights_sha256="{weights}"))
"""


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site(tmp_path_factory.mktemp("machines"), hosts=2, workers=1) as made:
        yield made


def test_a_sweep_on_two_machines_gives_the_bits_of_one(two: Site, tmp_path: Path) -> None:
    space = tmp_path / "space.json"
    space.write_text(json.dumps({"learning_rate": [0.002, 0.01], "l2": [0, 0.1]}))
    words = ("sweep", *SHORT, "--space", str(space))
    here = two.office.call_json(*words)
    there = two.office.call_json(*words, "--queue")
    assert weights(two.office, here) == weights(two.office, there)


def test_a_lost_machine_s_run_goes_on_elsewhere_and_a_store_may_be_away(two: Site) -> None:
    expected = undisturbed_weights()
    key = recipes.queue(two.office)
    recipes.wait_for_epoch(two.office, key)
    two.s3.kill()
    wait_until(lambda: "waiting for the store of files" in recipes.run_of(two.office, key)["progress_text"])
    stood = recipes.run_of(two.office, key)["epoch"]
    two.s3.start()
    wait_until(lambda: recipes.run_of(two.office, key)["epoch"] > stood)

    lost = two.host_of(key)
    assert lost is not None
    kill(lost)
    recipes.wait_for_end(two.office, [key])
    recipes.assert_like_undisturbed(two.office, key, expected)
    [other] = [host for host in two.hosts if host is not lost]
    assert two.has(other, recipes.run_of(two.office, key)["worker"])
    assert recipes.events(two.office, key, "goes on"), "it did not begin again"

    assert [*other.var.glob("checkpoints/*/*")] == []
    recipes.shell(two.office, DELETE.format(key=key, weights=expected))
    assert not [name for name in two.stored() if name.startswith((f"runs/{key}/", f"checkpoints/{key}/"))]
    assert "Traceback" not in "".join(machine.output() for machine in (two.office, *two.hosts))


def weights(product: Product, swept: dict[str, object]) -> list[object]:
    """The hash of each trial's weights, in the order of the grid."""
    found = [row["weights_sha256"] for row in rows(product, TRIALS.format(swept["sweep"]))]
    assert len(set(found)) == 4
    return found


def undisturbed_weights() -> str:
    """What the same run ends with on one machine, where nobody disturbs it."""
    [run] = rows(Product(recipes.trained(), {}), "SELECT weights_sha256 FROM runs_run")
    return str(run["weights_sha256"])
