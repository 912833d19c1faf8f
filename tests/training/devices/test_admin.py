"""The admin starts, watches, cancels and deletes benchmarks and compressions."""

import pytest
from django.test import Client

from recognizer.models import StoredModel
from tests.training.devices.conftest import MakeDataset
from training.devices.models import Benchmark, Compression, Device
from training.devices.services import new_benchmark
from training.jobs import lifecycle
from training.jobs.models import State

pytestmark = pytest.mark.django_db(transaction=True)
WORKLOAD = {
    "precision": "fp32",
    "backend": "numpy",
    "images": 100,
    "batch_size": 1,
    "repeats": 3,
    "sustained_seconds": 0,
}
WORKLOAD |= {"priority": 0}


def posted(**values: object) -> dict[str, object]:
    """The form of a benchmark as a browser sends it."""
    return {f"benchmark-{name}": value for name, value in {**WORKLOAD, **values}.items()}


def test_a_benchmark_is_queued_by_its_form(admin_client: Client, model: StoredModel, woken: list[str]) -> None:
    answer = admin_client.post("/admin/devices/benchmark/add/", posted(model=model.pk))
    assert answer.status_code == 302, answer.content.decode()
    job = Benchmark.objects.get()
    assert (job.state, job.images, job.created_by and job.created_by.username) == (State.QUEUED, 100, "admin")
    assert woken == ["devices.benchmark"]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("images", 0, "between 1 and 1,000,000"),
        ("batch_size", 10_001, "between 1 and 10,000"),
        ("precision", "fp8", "Select a valid choice"),
        ("dataset", "latin", "other letters"),
    ],
)
def test_a_bad_value_is_named_at_its_field(
    admin_client: Client, model: StoredModel, make_dataset: MakeDataset, field: str, value: object, words: str
) -> None:
    if value == "latin":
        value = make_dataset("latin", letters="abc").pk
    answer = admin_client.post("/admin/devices/benchmark/add/", posted(**{"model": model.pk, field: value}))
    assert answer.status_code == 200
    assert words in str(answer.context["adminform"].form.errors[field])
    assert not Benchmark.objects.exists()


def test_cancel_and_delete(admin_client: Client, model: StoredModel) -> None:
    job = lifecycle.enqueue(new_benchmark(model, images=5))
    url = "/admin/devices/benchmark/"
    admin_client.post(url, {"action": "cancel", "_selected_action": [job.pk]})
    job.refresh_from_db()
    assert job.state == State.CANCELLED
    assert admin_client.get(url).status_code == 200
    admin_client.post(url, {"action": "delete_selected", "_selected_action": [job.pk], "post": "yes"})
    assert not Benchmark.objects.exists()


def test_a_result_cannot_be_changed(admin_client: Client, model: StoredModel) -> None:
    job = lifecycle.enqueue(new_benchmark(model, images=5))
    assert admin_client.get(f"/admin/devices/benchmark/{job.pk}/change/").status_code == 200
    answer = admin_client.post(f"/admin/devices/benchmark/{job.pk}/change/", posted(model=model.pk))
    assert answer.status_code == 403


def test_models_are_compressed_from_their_list(admin_client: Client, model: StoredModel) -> None:
    chosen = {"action": "compress_to_fp16", "_selected_action": [model.pk]}
    admin_client.post("/admin/recognizer/storedmodel/", chosen)
    assert Compression.objects.get().model == model


def test_models_are_timed_from_their_list(admin_client: Client, model: StoredModel) -> None:
    chosen = {"action": "time_models", "_selected_action": [model.pk]}
    admin_client.post("/admin/recognizer/storedmodel/", chosen)
    assert set(Benchmark.objects.values_list("precision", flat=True)) == {"fp32", "fp16", "fp16-native"}


def test_compression_form(admin_client: Client, model: StoredModel) -> None:
    url = "/admin/devices/compression/add/"
    assert admin_client.post(url, {"model": model.pk, "precision": "fp16"}).status_code == 302
    StoredModel.objects.filter(pk=model.pk).update(precision="fp16")
    answer = admin_client.post(url, {"model": model.pk, "precision": "fp16"})
    assert "already" in str(answer.context["adminform"].form.errors["model"])
    assert Compression.objects.count() == 1


def test_a_device_can_be_named_and_not_made_up(admin_client: Client) -> None:
    device = Device.objects.create(key="a" * 32, name="vm", sheet={})
    admin_client.post(f"/admin/devices/device/{device.pk}/change/", {"name": "The old laptop", "note": ""})
    device.refresh_from_db()
    assert device.name == "The old laptop"
    assert admin_client.get("/admin/devices/device/add/").status_code == 403
