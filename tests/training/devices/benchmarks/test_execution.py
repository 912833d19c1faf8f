"""A benchmark as a job: claimed by the right device, done by the agent, stored with the sheet."""

import threading
from collections.abc import Callable

import pytest

from recognizer import loading
from recognizer.models import StoredModel
from tests.training.devices.conftest import MakeDataset
from training.devices import services, sheet, tasks
from training.devices.benchmarks import execution, inputs
from training.devices.models import Benchmark, Device
from training.devices.services import BenchmarkError, new_benchmark, new_compression
from training.devices.sheet import DeviceSheet
from training.devices.web.thesis_tables import DEVICES
from training.jobs import lifecycle
from training.jobs.models import State

pytestmark = pytest.mark.django_db(transaction=True)
QUICK = {"images": 30, "repeats": 2}
QueueBenchmark = Callable[..., Benchmark]


def queue(model: StoredModel, **options: object) -> Benchmark:
    """Queue a quick benchmark."""
    return lifecycle.enqueue(new_benchmark(model, **{**QUICK, **options}))  # type: ignore[arg-type]


def test_results_come_with_device_and_data_set(model: StoredModel, make_dataset: MakeDataset) -> None:
    make_dataset()
    job = queue(model, batch_size=7)
    tasks.benchmark_next()
    job.refresh_from_db()
    assert (job.state, job.error) == (State.SUCCEEDED, "")
    assert job.device == services.this_device() is not None
    assert job.results is not None
    assert job.results["workload"] == {
        **QUICK,
        "precision": "fp32",
        "backend": "numpy",
        "batch_size": 7,
        "sustained_seconds": 0,
    }
    assert job.results["model"]["sha256"] == model.file_sha256
    assert job.accuracy is not None
    assert (job.accuracy["dataset"], job.accuracy["made"], job.accuracy["images"]) == ("letters", False, 30)
    assert job.device is not None
    assert job.device.rows.disk_write_mb_s, "measured once, with the first benchmark"


def test_without_a_data_set_noise_is_timed(model: StoredModel) -> None:
    job = queue(model)
    tasks.benchmark_next()
    job.refresh_from_db()
    assert (job.state, job.accuracy) == (State.SUCCEEDED, None)
    assert job.measured_seconds


def test_real_letters_before_made_ones_then_the_largest(model: StoredModel, make_dataset: MakeDataset) -> None:
    made = make_dataset("synthetic", each=9)
    made.report["origins"] = {"skeletons/printed": made.pictures}
    made.save()
    assert inputs.choose_dataset(model) == made
    make_dataset("few", each=1)
    most = make_dataset("most", each=2)
    make_dataset("latin", letters="abc", each=50)
    assert inputs.choose_dataset(model) == most


def test_a_worker_takes_only_what_may_run_on_its_device(
    model: StoredModel, monkeypatch: pytest.MonkeyPatch, woken: list[str]
) -> None:
    other = Device.objects.create(key="f" * 32, name="Raspberry Pi", sheet=DEVICES[1].sheet.as_dict())
    job = queue(model, wanted_device=other)
    woken.clear()
    tasks.benchmark_next()
    job.refresh_from_db()
    assert (job.state, woken) == (State.QUEUED, []), "left for the other device, and nobody is woken in a circle"
    monkeypatch.setattr(tasks, "machine_key", lambda: other.key)
    tasks.benchmark_next()
    job.refresh_from_db()
    assert job.state == State.SUCCEEDED


def test_cancel_ends_the_agent(model: StoredModel) -> None:
    job = queue(model, images=1_000_000, repeats=1000)
    thread = threading.Thread(target=lambda: lifecycle.request_cancel(Benchmark.objects.get(pk=job.pk)))
    timer = threading.Timer(1.0, thread.start)
    timer.start()
    tasks.benchmark_next()
    timer.join()
    thread.join()
    job.refresh_from_db()
    assert job.state == State.CANCELLED
    assert job.progress < 0.5, "the rest, which takes hours, was not waited for"


@pytest.mark.parametrize("gone", ["model", "data set"])
def test_files_that_are_gone(
    model: StoredModel, make_dataset: MakeDataset, gone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = make_dataset()
    job = queue(model, dataset=dataset)
    if gone == "model":
        loading.file_of(model).unlink()
    else:
        monkeypatch.undo()
    tasks.benchmark_next()
    job.refresh_from_db()
    assert job.state == State.FAILED
    assert "gone" in job.error


def test_a_refusal_of_the_agent_is_the_error(model: StoredModel) -> None:
    job = queue(model)
    loading.file_of(model).write_bytes(b"nothing")
    tasks.benchmark_next()
    job.refresh_from_db()
    assert job.state == State.FAILED
    assert "not a model file" in job.error


def test_what_cannot_be_timed_is_never_queued(model: StoredModel, make_dataset: MakeDataset) -> None:
    with pytest.raises(BenchmarkError, match="between 1 and"):
        new_benchmark(model, images=0)
    with pytest.raises(BenchmarkError, match="other letters"):
        new_benchmark(model, dataset=make_dataset("latin", letters="abc"))
    lifecycle.enqueue(new_compression(model, "fp16"))
    tasks.compress_next()
    half = StoredModel.objects.get(precision="fp16")
    assert new_benchmark(half).precision == "fp16"


def test_agent_runs_on_the_processor_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Haswell")
    monkeypatch.setenv("OPENBLAS_L2_SIZE", "1")
    environment = execution.agent_environment()
    assert "OPENBLAS_CORETYPE" not in environment
    assert "OPENBLAS_L2_SIZE" not in environment
    assert environment["OPENBLAS_NUM_THREADS"] == "1"


def test_a_device_keeps_its_given_name_and_its_measured_disk() -> None:
    identity = {"key": sheet.machine_key(), "name": "vm"}
    device = services.register(identity, DeviceSheet(cores=2, disk_write_mb_s=100.0))
    Device.objects.filter(pk=device.pk).update(name="The old laptop")
    again = services.register(identity, DeviceSheet(cores=4))
    assert (again.pk, again.name) == (device.pk, "The old laptop")
    assert (again.rows.cores, again.rows.disk_write_mb_s) == (4, 100.0)
