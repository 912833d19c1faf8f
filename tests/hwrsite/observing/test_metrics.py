"""`/metrics`: what web processes count together and what the tables say, for whoever may see it."""

import os
import re
import subprocess
import sys
from collections import defaultdict

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from hwrsite import health
from recognizer import active_model
from recognizer.models import StoredModel
from tests import world
from training.jobs import lifecycle
from training.jobs.models import State
from training.runs.models import Run

Figures = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def figures(client: Client, **headers: str) -> Figures:
    """Every figure by its name and labels."""
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 200, answer.text
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def requests_of(found: Figures, view: str) -> dict[str, float]:
    """How many requests of a view, by status."""
    counts: dict[str, float] = defaultdict(float)
    for (name, labels), value in found.items():
        if name == "propis_requests_total" and dict(labels)["view"] == view:
            counts[dict(labels)["status"]] += value
    return counts


@pytest.mark.django_db
def test_what_the_tables_say(client: Client) -> None:
    world.build(world.SMALL)
    Run.objects.filter(pk=Run.objects.order_by("pk")[0].pk).update(state=State.QUEUED)
    active = StoredModel.objects.order_by("pk")[0]
    StoredModel.objects.filter(is_active=True).update(is_active=False)
    StoredModel.objects.filter(pk=active.pk).update(is_active=True)
    with CaptureQueriesContext(connection) as queries:
        found = figures(client)
    assert len(queries) <= 2 * len(lifecycle.kinds()) + 4
    queued = Run.objects.filter(state=State.QUEUED).count()
    assert found["propis_jobs", (("kind", "runs.Run"), ("state", "queued"))] == queued > 0
    assert found["propis_queue_depth", (("queue", "training"),)] >= 1
    assert found["propis_model_in_service", (("name", active.name), ("sha256", active.file_sha256))] == 1
    assert ("propis_workers", ()) in found


@pytest.mark.django_db
def test_requests_are_counted_by_view_and_status(client: Client) -> None:
    before = requests_of(figures(client), "healthz").get("503", 0), requests_of(figures(client), "none").get("404", 0)
    client.get("/healthz?worker=nowhere")
    client.get("/nothing-at-all")
    client.generic("BREW", "/nothing-at-all")
    found = figures(client)
    assert requests_of(found, "healthz")["503"] == before[0] + 1
    assert requests_of(found, "none")["404"] >= before[1] + 1
    assert not [labels for _name, labels in found if ("method", "BREW") in labels]


@pytest.mark.django_db
def test_other_processes_count_together_with_ours(client: Client) -> None:
    counts = "from hwrsite.observing import figures; figures.count('GET', 'other', 200, 0.2)"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "hwrsite.settings"}
    for _ in range(2):
        subprocess.run(
            [sys.executable, "-c", f"from django import setup; setup(); {counts}"], env=environment, check=True
        )
    assert requests_of(figures(client), "other") == {"200": 2}


@pytest.mark.django_db
def test_who_may_see_them(client: Client, settings: Settings) -> None:
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 403
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 403
    assert client.get("/metrics", REMOTE_ADDR="::1").status_code == 200
    settings.METRICS_TOKEN = "a-long-token-тоже"
    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 403
    settings.METRICS_TOKEN = "a-long-token"
    assert figures(client, Authorization="Bearer a-long-token")
    assert client.post("/metrics").status_code in (403, 405)


@pytest.mark.django_db
def test_readiness(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_migrated", [])
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "reasons": []})
    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["X-Request-ID"])
    active_model.forget()


@pytest.mark.django_db
def test_a_database_without_tables_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_migrated", [])
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda *_arguments: ["one"])
    assert client.get("/readyz").json()["reasons"] == ["the database lacks migrations"]
