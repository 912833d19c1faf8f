"""A site and an agent with numpy alone, each killed in the middle: every benchmark ends with exactly one result."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests import prepared
from tests.faults.rows import rows
from tests.product import Product, embedded, wait_until

pytestmark = [pytest.mark.faults, pytest.mark.timeout(400)]
QUEUE = """
from recognizer.models import StoredModel
from training.devices import services
from training.devices.models import Device
from training.jobs import lifecycle
model = StoredModel.objects.get(name="tiny")
for batch_size in (10, 20, 30):
    lifecycle.enqueue(services.new_benchmark(model, batch_size=batch_size, images={images}, repeats={repeats},
                                             wanted_device=Device.objects.get()))
"""
STATES = "SELECT id, state, attempt, invalid, error, result_id FROM devices_benchmark ORDER BY id"


@dataclass
class AgentProcess:
    """The agent as a device runs it: one file, a Python that has numpy and nothing else."""

    python: Path
    folder: Path
    archive: Path
    process: subprocess.Popen[str] | None = None

    def call(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the agent to its end."""
        command = self._command(*words)
        return subprocess.run(
            command, capture_output=True, text=True, timeout=300, check=False, env=self._environment()
        )

    def start(self) -> None:
        """Begin to ask for benchmarks."""
        log = (self.folder.parent / "agent.log").open("a")
        self.process = subprocess.Popen(
            self._command("run"), stdout=log, stderr=log, text=True, env=self._environment(), start_new_session=True
        )

    def kill(self) -> None:
        """Switch the device off."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(timeout=60)
            self.process = None

    def measures(self) -> bool:
        """Whether a repeat of a measurement is done and more are to come."""
        return any(path.stat().st_size for path in self.folder.glob("measurement-*/messages.txt"))

    def _command(self, *words: str) -> list[str]:
        return [str(self.python), str(self.archive), *words, "--folder", str(self.folder)]

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        return {**kept, "HOME": str(self.folder.parent)}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Product]:
    """A product with a data set."""
    folder = tmp_path / "site"
    shutil.copytree(prepared.product_with_data(), folder)
    made = Product(folder, embedded(folder) | {"PROPIS_PATIENCE": "20"})
    yield made
    made.kill()


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[AgentProcess]:
    """A Python of its own in which numpy, and nothing else, can be imported."""
    environment = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True, timeout=120)
    [packages] = environment.glob("lib/python*/site-packages")
    numpy = Path(np.__file__).resolve().parent
    for each in (numpy, numpy.parent / "numpy.libs"):
        (packages / each.name).symlink_to(each)
    made = AgentProcess(environment / "bin" / "python", tmp_path / "device", tmp_path / "agent.pyz")
    yield made
    made.kill()


def states(site: Product) -> list[dict[str, Any]]:
    """Every benchmark."""
    return rows(site, STATES)


def test_every_benchmark_ends_with_one_result(site: Product, agent: AgentProcess) -> None:
    site.start()
    code = site.manage("device_code").stdout.strip()
    subprocess.run(["curl", "-fsS", f"{site.url}/devices/agent.pyz", "-o", str(agent.archive)], check=True, timeout=60)
    joined = agent.call("join", site.url, code)
    assert joined.returncode == 0, joined.stderr
    again = agent.call("join", site.url, code)
    assert again.returncode == 4
    assert "used before" in again.stderr
    site.manage("shell", "--command", "from training.devices.models import Benchmark; Benchmark.objects.all().delete()")
    site.manage("shell", "--command", QUEUE.format(images=10_000, repeats=20))

    agent.start()
    wait_until(agent.measures)
    agent.kill()
    agent.start()
    wait_until(lambda: any(row["attempt"] > 1 for row in states(site)) and agent.measures())
    for pid in site.processes():  # the site goes away in the middle, and is started again
        os.kill(pid, signal.SIGKILL)
    assert site.process is not None
    site.process.wait(timeout=60)
    wait_until(lambda: list((agent.folder / "results").glob("*.json")), seconds=100)
    site.start()
    wait_until(lambda: all(row["state"] == "succeeded" for row in states(site)))

    ended = states(site)
    assert [(row["state"], row["invalid"], row["error"]) for row in ended] == [("succeeded", "", "")] * 3
    assert len({row["result_id"] for row in ended} - {None}) == 3
    wait_until(lambda: not list((agent.folder / "results").glob("*.json")))
    site.manage("shell", "--command", "from training.devices.fleet import tokens; from training.devices.models import "
                "Device; tokens.revoke(Device.objects.get())")  # fmt: skip
    assert agent.process is not None
    assert agent.process.wait(timeout=120) == 4, "it has nothing more to ask"
    assert "revoked" in (agent.folder.parent / "agent.log").read_text()
