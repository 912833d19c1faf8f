"""Who deletes a data set is told first what still needs it, whatever kind of work that is."""

import html
import re

import pytest
from django.test import Client
from django.urls import reverse

from tests import world
from training.datasets.models import Dataset
from training.jobs.lifecycle import kinds
from training.jobs.models import FINISHED, Job, State
from training.jobs.unfinished import unfinished_of
from training.runs.models import Run
from training.sweeps.models import Phase, Sweep

pytestmark = pytest.mark.django_db
WARNING = "This is still needed by work that has not ended. Without it that work will fail:"


def relations(kind: type[Job]) -> list[str]:
    """The columns of a kind of job that name a data set."""
    return [field.name for field in kind._meta.fields if field.related_model is Dataset]


def of_data_sets() -> list[type[Job]]:
    """Every kind of job that refers to a data set."""
    return [kind for kind in kinds() if relations(kind) or kind is Run]


@pytest.fixture
def needed() -> Dataset:
    """A data set to which one row of every kind of job refers by every relation, all of them ended."""
    world.build(world.SMALL)
    dataset = Dataset.objects.get()
    for kind in of_data_sets():
        kind._default_manager.update(state=State.SUCCEEDED, **dict.fromkeys(relations(kind), dataset))
    return dataset


def pages(client: Client, dataset: Dataset) -> list[str]:
    """What is asked before it is deleted: by its own page, and by the action of the list."""
    own = client.get(reverse("admin:datasets_dataset_delete", args=[dataset.pk]))
    chosen = {"action": "delete_selected", "_selected_action": [dataset.pk]}
    listed = client.post(reverse("admin:datasets_dataset_changelist"), chosen)
    return [html.unescape(page.content.decode()) for page in (own, listed)]


def test_there_are_the_kinds_that_everybody_knows() -> None:
    names = {kind.kind() for kind in of_data_sets()}
    assert names >= {"runs.run", "runs.evaluation", "cleaning.cleaning", "datasets.datasetimport", "devices.benchmark"}


@pytest.mark.parametrize("state", [state for state in State if state not in FINISHED])
@pytest.mark.parametrize("kind", of_data_sets(), ids=lambda kind: kind.kind())
def test_each_kind_of_job_that_has_not_ended_is_named(
    admin_client: Client, needed: Dataset, kind: type[Job], state: State
) -> None:
    job = kind._default_manager.earliest("pk")
    kind._default_manager.filter(pk=job.pk).update(state=state)
    assert unfinished_of([needed]) == [job]
    for page in pages(admin_client, needed):
        assert WARNING in page
        assert re.search(rf"{kind._meta.verbose_name} (<a [^>]*>)?{re.escape(str(job))}(</a>)? · {state.label}", page)


def test_a_sweep_that_has_not_ended_is_named_by_any_of_its_data_sets(admin_client: Client, needed: Dataset) -> None:
    other = Dataset.objects.create(name="other", pictures=0, archive_name="", content_sha256="0", report={})
    Sweep.objects.update(phase=Phase.PAUSED, further_datasets=[other.pk])
    for dataset in (needed, other):
        assert unfinished_of([dataset]) == [Sweep.objects.get()]
        for page in pages(admin_client, dataset):
            assert WARNING in page
            assert "sweep 0</a> · paused" in page


def test_what_has_ended_warns_of_nothing(admin_client: Client, needed: Dataset) -> None:
    assert unfinished_of([needed]) == []
    assert unfinished_of([]) == []
    assert not [page for page in pages(admin_client, needed) if WARNING in page]


def test_of_very_many_the_first_are_named(admin_client: Client, needed: Dataset) -> None:
    job = needed.evaluations.get()
    model, waiting = job.model, State.QUEUED
    needed.evaluations.bulk_create([type(job)(model=model, dataset=needed, state=waiting) for _ in range(25)])
    for page in pages(admin_client, needed):
        assert page.count("underline") == 20
        assert "5 more" in page
