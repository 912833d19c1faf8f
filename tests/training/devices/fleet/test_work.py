"""Jobs of devices: each to its own, one result each whatever is lost, late or doubled; nothing wrong is stored."""

import hashlib
import io
import json
import uuid
from typing import Any

import numpy as np
import pytest

from recognizer import loading
from recognizer.models import StoredModel
from tests.training.devices.conftest import MakeDataset, MakeModel
from tests.training.devices.fleet.conftest import KEYS, FakeAgent, good_result, queue
from training.devices import tasks
from training.devices.fleet import tokens
from training.devices.fleet.bundles import allowed_difference
from training.devices.models import Benchmark, Bundle, Device
from training.jobs import lifecycle
from training.jobs.lifecycle import Reaper
from training.jobs.models import State

pytestmark = pytest.mark.django_db(transaction=True)


def row(job: Any) -> Benchmark:
    """The job's row."""
    return Benchmark.objects.get(pk=job["id"])


@pytest.fixture
def other() -> FakeAgent:
    """The agent of another device."""
    made = FakeAgent()
    assert made.join(tokens.new_code(by=None), KEYS[1]).status_code == 201
    return made


def test_from_a_job_to_its_result(agent: FakeAgent, device: Device, job: Any, model: StoredModel) -> None:
    assert job["workload"] == {
        "precision": "fp32", "backend": "numpy", "images": 30, "batch_size": 1, "repeats": 2, "sustained_seconds": 0,
    }  # fmt: skip
    for name, path in (("model", loading.file_of(model)), ("inputs", None)):
        content = agent.get(f"files/{job[name]['sha256']}").getvalue()
        assert hashlib.sha256(content).hexdigest() == job[name]["sha256"]
        assert path is None or content == path.read_bytes()
    file = np.load(io.BytesIO(content), allow_pickle=False)
    assert (file["inputs"].shape, file["labels"].shape) == ((66, 784), (66,))
    assert agent.post(f"jobs/{job['id']}/beat", {"attempt": 1, "progress": 0.5}).json() == {"go_on": True}
    assert row(job).progress_text == "repeat 1 of 2"
    answer = agent.deliver(job)
    assert answer.json() == {"words": "The result is accepted.", "valid": True, "url": row(job).get_absolute_url()}
    done = row(job)
    assert (done.state, done.device, done.invalid) == (State.SUCCEEDED, device, "")
    assert done.measured_seconds == pytest.approx(0.505 * 10_000 / 30)
    assert done.accuracy is not None
    assert (done.accuracy["images"], done.accuracy["dataset"]) == (66, "letters")
    assert done.results is not None
    assert done.results["spread"] == pytest.approx(0.01 / 0.505)
    assert agent.next() is None


def test_the_same_images_for_every_device_and_precision(
    agent: FakeAgent, device: Device, model: StoredModel, make_dataset: MakeDataset
) -> None:
    make_dataset()
    for precision in ("fp32", "fp16-native"):
        queue(model, device, precision=precision)
        tasks.bundle_next()
    assert len({bundle.inputs_sha256 for bundle in Bundle.objects.all()}) == 1
    assert Bundle.objects.count() == 2


def test_a_device_waits_until_its_images_are_made(
    agent: FakeAgent, device: Device, model: StoredModel, make_dataset: MakeDataset
) -> None:
    make_dataset()
    queue(model, device)
    assert agent.post("next", {}).json() == {"job": None, "waiting": True}
    tasks.bundle_next()
    assert agent.next() is not None


def test_without_a_data_set_the_job_says_why(agent: FakeAgent, device: Device, model: StoredModel) -> None:
    benchmark = queue(model, device)
    tasks.bundle_next()
    assert agent.next() is None
    benchmark.refresh_from_db()
    assert benchmark.state == State.FAILED
    assert "No data set with test images" in benchmark.error


def test_a_result_that_is_posted_twice_is_one(agent: FakeAgent, job: Any) -> None:
    name = str(uuid.uuid4())
    first, second = (agent.deliver(job, name) for _ in range(2))
    assert first.json() == second.json()
    refused = agent.deliver(job, seconds=[9.0, 9.0])
    assert refused.status_code == 409
    assert "ended already" in refused.json()["error"]
    assert row(job).results is not None
    assert row(job).results["seconds"]["all"] == [0.5, 0.51]  # type: ignore[index]


def test_a_job_of_another_device(other: FakeAgent, job: Any) -> None:
    answers = [
        other.deliver(job),
        other.post(f"jobs/{job['id']}/beat", {"attempt": 1, "progress": 0}),
        other.post(f"jobs/{job['id']}/end", {"attempt": 1, "outcome": "stopped", "why": ""}),
        other.get(f"files/{job['model']['sha256']}"),
        other.get(f"files/{job['inputs']['sha256']}"),
    ]
    assert [answer.status_code for answer in answers] == [404] * 5
    assert "of this device" in answers[0].json()["error"]
    assert (other.next(), row(job).state) == (None, State.RUNNING)


BAD: list[tuple[dict[str, Any], str]] = [
    ({"seconds": [-0.5, 0.5]}, "seconds"),
    ({"seconds": [0.0, 0.5]}, "seconds"),
    ({"seconds": [1e-9, 0.5]}, "no machine can reach"),
    ({"seconds": [0.5]}, "1 repeats"),
    ({"seconds": [0.5] * 1001}, "seconds"),
    ({"seconds": ["0.5", 0.5]}, "seconds"),
    ({"correct": 67}, "impossible"),
    ({"correct": -1}, "impossible"),
    ({"images_scored": 10}, "impossible"),
    ({"model_sha256": "0" * 64}, "another model"),
    ({"inputs_sha256": "0" * 64}, "other images"),
    ({"load_seconds": -1.0}, "load_seconds"),
    ({"energy": {"kind": "guessed", "joules_for_10000": 1.0, "source": ""}}, "energy.kind"),
    ({"surprise": 1}, "surprise"),
]


@pytest.mark.parametrize(("change", "words"), BAD, ids=lambda value: str(value)[:40])
def test_results_that_make_no_sense(agent: FakeAgent, job: Any, change: dict[str, Any], words: str) -> None:
    answer = agent.deliver(job, **change)
    assert answer.status_code == 422, answer.content
    assert words in answer.json()["error"]
    assert (row(job).state, row(job).results) == (State.RUNNING, None)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_numbers_that_are_none(agent: FakeAgent, job: Any, number: str) -> None:
    body = {"id": str(uuid.uuid4()), "attempt": 1, "result": good_result(job) | {"load_seconds": 12345.5}}
    answer = agent.post(f"jobs/{job['id']}/result", json.dumps(body).replace("12345.5", number).encode())
    assert answer.status_code == 422
    assert row(job).results is None


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{", 422), (b"[]", 422), (b"null", 422), (b" " * 10_000_000, 413), (b'{"id": "x"}', 422), (b"\xff", 422)],
    ids=["cut", "list", "null", "10 MB", "part", "no text"],
)
def test_bodies_that_make_no_sense(agent: FakeAgent, job: Any, body: bytes, status: int) -> None:
    answer = agent.post(f"jobs/{job['id']}/result", body)
    assert answer.status_code == status
    assert answer.json()["error"]
    assert row(job).state == State.RUNNING


def test_a_device_that_reads_other_letters_right_is_not_valid(agent: FakeAgent, job: Any) -> None:
    expected = good_result(job)["correct"]
    answer = agent.deliver(job, correct=expected + 5).json()
    assert answer["valid"] is False
    assert f"{expected + 5} of 66" in answer["words"]
    assert (row(job).state, row(job).invalid) == (State.SUCCEEDED, answer["words"])


def test_a_device_that_comes_back_after_a_day_hands_in_what_it_measured(agent: FakeAgent, job: Any) -> None:
    reaper = Reaper()
    for _ in range(4):
        reaper.look()
    assert row(job).state == State.QUEUED, "its heartbeat has stopped"
    assert agent.post(f"jobs/{job['id']}/beat", {"attempt": 1, "progress": 0}).status_code == 409
    assert agent.deliver(job).status_code == 200
    assert (row(job).state, row(job).attempt) == (State.SUCCEEDED, 2)


def test_a_device_that_vanished_begins_again(agent: FakeAgent, job: Any) -> None:
    again = agent.next()
    assert (again["id"], again["attempt"]) == (job["id"], 2), "who asks for a job has given up the one before"
    late = agent.deliver(job)
    assert late.status_code == 409
    assert "no longer this attempt's" in late.json()["error"]
    assert agent.deliver(again).status_code == 200


def test_a_job_that_kills_its_device_fails_in_the_end(agent: FakeAgent, job: Any) -> None:
    for _ in range(2):
        assert agent.next()["id"] == job["id"]
    assert agent.next() is None
    assert row(job).state == State.FAILED
    assert "3 times" in row(job).error


def test_a_cancelled_job_is_stopped(agent: FakeAgent, job: Any) -> None:
    lifecycle.request_cancel(row(job))
    assert agent.post(f"jobs/{job['id']}/beat", {"attempt": 1, "progress": 0}).json() == {"go_on": False}
    assert agent.post(f"jobs/{job['id']}/end", {"attempt": 1, "outcome": "stopped", "why": ""}).status_code == 200
    assert row(job).state == State.CANCELLED
    assert agent.deliver(job).status_code == 409


def test_a_job_that_cannot_be_done(agent: FakeAgent, job: Any) -> None:
    body = {"attempt": 1, "outcome": "failed", "why": "Out of memory."}
    assert agent.post(f"jobs/{job['id']}/end", body).status_code == 200
    assert (row(job).state, row(job).error) == (State.FAILED, "Out of memory.")


def test_a_worker_leaves_the_jobs_of_agents_alone(
    agent: FakeAgent, device: Device, model: StoredModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    benchmark = queue(model, device)
    monkeypatch.setattr(tasks, "machine_key", lambda: device.key)
    tasks.benchmark_next()
    benchmark.refresh_from_db()
    assert benchmark.state == State.QUEUED


def test_the_first_of_two_models_at_once(agent: FakeAgent, device: Device, job: Any, make_model: MakeModel) -> None:
    queue(make_model("second", seed=2), device)
    tasks.bundle_next()
    assert agent.deliver(job).status_code == 200
    assert agent.next()["model"]["name"] == "second"


def test_an_integer_network_must_agree_to_the_image() -> None:
    assert allowed_difference(Bundle(precision="int8", images=10_000)) == 0
    assert allowed_difference(Bundle(precision="fp32", images=10_000)) == 5


def test_the_speed_of_the_disk_is_measured_once(agent: FakeAgent, device: Device, job: Any) -> None:
    assert job["measure_disk"]
    agent.deliver(job, disk={"read_mb_s": 90.0, "write_mb_s": 20.0})
    device.refresh_from_db()
    assert (device.rows.disk_read_mb_s, device.rows.disk_write_mb_s) == (90.0, 20.0)
