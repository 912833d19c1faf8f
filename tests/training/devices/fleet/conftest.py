"""A device with a token, and a client that asks as its agent does."""

import json
import uuid
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from recognizer.models import StoredModel
from recognizer.web import limits
from tests.training.devices.conftest import MakeDataset
from training.devices import tasks
from training.devices.fleet import bundles, tokens
from training.devices.models import Benchmark, Device
from training.devices.services import new_benchmark
from training.jobs import lifecycle

QUICK = {"images": 30, "repeats": 2}
KEYS = ("a" * 32, "b" * 32)


@dataclass
class FakeAgent:
    """The requests of an agent, without the agent."""

    token: str = ""
    version: str = "1"
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def post(self, path: str, body: Any, **headers: str) -> Any:
        """Send JSON, or bytes as they are."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        about = {"X-Propis-Agent": self.version, "Authorization": f"Bearer {self.token}", **headers}
        return self.client.post(f"/api/devices/{path}", data, content_type="application/json", headers=about)

    def get(self, path: str) -> Any:
        """Fetch a file."""
        headers = {"X-Propis-Agent": self.version, "Authorization": f"Bearer {self.token}"}
        return self.client.get(f"/api/devices/{path}", headers=headers)

    def join(self, code: str, key: str = KEYS[0], **more: Any) -> Any:
        """Exchange a code, and keep the token."""
        answer = self.post("join", {"code": code, "key": key, "name": "Our Pi", "sheet": {"cores": 4}, **more})
        if answer.status_code == 201:
            self.token = answer.json()["token"]
        return answer

    def next(self) -> Any:
        """Ask for a job."""
        answer = self.post("next", {})
        assert answer.status_code == 200, answer.content
        return answer.json()["job"]

    def deliver(self, job: Any, result_id: str = "", attempt: int | None = None, **changes: Any) -> Any:
        """Post a result that fits a job, with these changes."""
        body = {"id": result_id or str(uuid.uuid4()), "attempt": attempt or job["attempt"]}
        return self.post(f"jobs/{job['id']}/result", {**body, "result": good_result(job) | changes})


def good_result(job: Any) -> dict[str, Any]:
    """What a device might measure; the model is random, and reads as many right as the server says."""
    look = {"clock_mhz": 1500.0, "temperature": 48.3, "throttling": 0}
    bundle = Benchmark.objects.get(pk=job["id"]).bundle
    assert bundle is not None
    return {
        "model_sha256": job["model"]["sha256"],
        "inputs_sha256": job["inputs"]["sha256"],
        "seconds": [0.5, 0.51],
        "latency": {"p50": 0.01, "p90": 0.02, "p99": 0.03},
        "correct": bundle.correct,
        "images_scored": bundle.images,
        "load_seconds": 0.1,
        "memory_mb": {"before_the_model": 30.0, "peak": 60.0},
        "machine": {
            "before": look,
            "after": look,
            "lowest_clock_mhz": 1500.0,
            "highest_clock_mhz": 1500.0,
            "highest_temperature": 50.0,
            "throttled": [],
        },
        "energy": {"kind": "not measured", "joules_for_10000": None, "source": ""},
        "environment": {
            "commit": "",
            "dirty": None,
            "python": "3.9.2",
            "numpy": "1.26",
            "blas": "",
            "blas_kernel": "",
            "blas_threads": "1",
        },
        "disk": None,
    }


@pytest.fixture(autouse=True)
def nobody_waits(woken: list[str]) -> None:
    """No message to a broker, and no rate that an earlier test has used up."""
    cache.clear()
    if (counters := limits.shared_counters()) is not None:
        counters.clear()


@pytest.fixture
def agent() -> FakeAgent:
    """The agent of a device that has joined."""
    made = FakeAgent()
    assert made.join(tokens.new_code(by=None)).status_code == 201
    return made


@pytest.fixture
def device(agent: FakeAgent) -> Device:
    """Its row."""
    return Device.objects.get(key=KEYS[0])


@pytest.fixture
def job(agent: FakeAgent, device: Device, model: StoredModel, make_dataset: MakeDataset) -> Any:
    """A job that the agent has claimed."""
    make_dataset()
    queue(model, device)
    tasks.bundle_next()
    claimed = agent.next()
    assert claimed is not None
    return claimed


def queue(model: StoredModel, device: Device, **options: Any) -> Benchmark:
    """Queue a quick benchmark for a device, and the making of its images."""
    benchmark = lifecycle.enqueue(new_benchmark(model, wanted_device=device, **{**QUICK, **options}))
    bundles.bundle_for(benchmark)
    return benchmark
