"""Workers show that they live and on which folder; the admin and the health check tell it on."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from tests.training.jobs.test_files import folder
from training.jobs import files
from training.jobs.models import Deployment, WorkerProcess
from training.jobs.worker import presence
from training.jobs.worker.work_loop import worker_name

__all__ = ["folder"]

pytestmark = pytest.mark.django_db
HOST = worker_name().rpartition(":")[0]


def test_a_worker_is_seen_until_it_leaves() -> None:
    presence.show({"training", "data"})
    presence.show({"training"})
    [worker] = presence.alive()
    assert (worker.name, worker.host, worker.queues, worker.has_files) == (worker_name(), HOST, ["training"], True)
    presence.leave()
    assert not WorkerProcess.objects.exists()


def test_one_that_was_killed_is_soon_not_alive_and_later_forgotten() -> None:
    presence.show({"training"})
    WorkerProcess.objects.update(seen_at=timezone.now() - timedelta(minutes=2))
    assert not presence.alive()
    presence.forget_lost()
    assert WorkerProcess.objects.count() == 1
    WorkerProcess.objects.update(seen_at=timezone.now() - timedelta(days=1))
    presence.forget_lost()
    assert not WorkerProcess.objects.exists()


def test_the_health_of_a_machine_is_that_of_its_queues(client: Client, settings: Settings) -> None:
    address = f"/healthz?worker={HOST}"
    assert client.get(address).json()["reasons"] == [f"no worker there serves {', '.join(settings.QUEUES)}"]
    presence.show(settings.QUEUES[1:])
    answer = client.get(address)
    assert (answer.status_code, answer.json()["reasons"]) == (503, ["no worker there serves training"])
    presence.show(settings.QUEUES)
    assert client.get(address).status_code == 200
    assert client.get(f"{address}x").status_code == 503, "another machine has none"


def test_the_admin_tells_which_folder_it_is_and_who_has_another_one(
    admin_client: Client, folder: Path, settings: Settings
) -> None:
    files.give_identity()
    deployment = Deployment.objects.get()
    address = f"/admin/jobs/deployment/{deployment.pk}/change/"
    presence.show({"training"})
    page = admin_client.get(address).content.decode()
    assert deployment.identity in page
    assert f"{folder} · the right one" in page
    assert "ANOTHER ONE" not in page
    settings.PROPIS_VAR = folder / "copy"
    presence.show({"training"})
    page = admin_client.get(address).content.decode()
    assert f"{worker_name()} · training · {folder / 'copy'} · ANOTHER ONE" in page
