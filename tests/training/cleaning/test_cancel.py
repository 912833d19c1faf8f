"""Searches and new versions are cancelled on their pages, by those who may."""

import pytest
from django.test import Client

from accounts.models import User
from training.cleaning.models import Cleaning, NewVersion
from training.datasets.models import Dataset
from training.jobs import lifecycle
from training.jobs.models import State

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("kind", ["cleanings", "versions"])
def test_a_waiting_job_is_cancelled_and_only_once(
    client: Client, dataset: Dataset, admin_user: User, kind: str
) -> None:
    job = Cleaning(dataset=dataset) if kind == "cleanings" else NewVersion(parent=dataset, name="letters 2")
    lifecycle.enqueue(job)
    address = f"/data/{kind}/{job.pk}/"
    assert "Cancel" not in client.get(address).content.decode()
    assert client.post(f"{address}cancel/").status_code == 403

    client.force_login(admin_user)
    assert f'action="{address}cancel/"' in client.get(address).content.decode()
    assert client.post(f"{address}cancel/")["Location"] == address
    job.refresh_from_db()
    assert job.state == State.CANCELLED
    page = client.get(address).content.decode()
    assert "Cancelled; nothing of it was kept." in page
    assert "hx-get" not in page
    assert "It has ended already" in client.post(f"{address}cancel/", follow=True).content.decode()
