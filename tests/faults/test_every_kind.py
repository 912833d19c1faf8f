"""Whatever kind of job it is: a worker that is killed amid it costs an attempt and nothing else."""

import json
from pathlib import Path

import pytest

from tests.faults import recipes
from tests.faults.conftest import Undisturbed
from tests.faults.killed_jobs import ORDERS, SHARES
from training.jobs import lifecycle

OWN_TESTS = {
    "datasets.datasetimport": "test_import",
    "devices.benchmark": "test_agent",
    "paper.paperreading": "test_paper",
    "runs.run": "test_run",
}
"""Kinds with a module of their own that kills them."""
CHECK = "import json; from tests.faults.killed_jobs import check; print(json.dumps(check({folder!r})))"


def test_every_kind_of_job_is_killed_by_a_test() -> None:
    assert {kind.kind() for kind in lifecycle.kinds()} == ORDERS.keys() | OWN_TESTS.keys()
    for name in OWN_TESTS.values():
        assert "kill" in Path(__file__).with_name(f"{name}.py").read_text()


@pytest.mark.processor_seconds(600)  # seven kinds, each done twice and a half
def test_a_killed_worker_costs_an_attempt_and_nothing_else(undisturbed: Undisturbed, tmp_path: Path) -> None:
    product = undisturbed.copy(tmp_path / "var")
    code = CHECK.format(folder=str(recipes.trained()))
    killed = json.loads(product.manage(*recipes.SHELL, code, timeout=600).stdout)
    assert killed == dict.fromkeys(ORDERS, len(SHARES))
