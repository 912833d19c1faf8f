"""The page of a data set's pictures by what was found of them."""

import pytest
from django.test import Client

from tests.training.cleaning.web.test_views import cleaning  # noqa: F401  # a fixture
from training.cleaning.models import Cleaning, Finding, FindingKind
from training.datasets.models import Dataset

pytestmark = pytest.mark.django_db


def shown(client: Client, dataset: Dataset, query: str) -> list[int]:
    """Numbers of the pictures on the page."""
    return [
        window.picture for window, _letter, _mark in client.get(f"/data/{dataset.pk}/examples/{query}").context["tiles"]
    ]


def test_nothing_is_offered_before_a_search(client: Client, dataset: Dataset) -> None:
    assert 'name="finding"' not in client.get(f"/data/{dataset.pk}/examples/").content.decode()
    assert len(shown(client, dataset, "?finding=label")) == dataset.pictures


@pytest.mark.usefixtures("cleaning")
def test_pictures_by_finding(client: Client, dataset: Dataset) -> None:
    job = Cleaning.objects.get()
    Finding.objects.create(cleaning=job, kind=FindingKind.OUTLIER, picture=5, score=1, label=0, split=0)
    page = client.get(f"/data/{dataset.pk}/examples/?finding=near").content.decode()
    assert '<option value="near" selected>near copy</option>' in page
    assert 'value="outlier"' not in page, "the search has counted none"
    assert shown(client, dataset, "?finding=near") == [101, 111]
    assert shown(client, dataset, "?finding=label&letter=Б") == list(range(40, 70))
    assert shown(client, dataset, "?finding=any") == [*range(70), 101, 111]
    assert shown(client, dataset, "?finding=strange") == []


@pytest.mark.usefixtures("cleaning")
def test_the_next_page_keeps_the_filter(client: Client, dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.datasets.web.picture_views.PICTURES_ON_A_PAGE", 50)
    page = client.get(f"/data/{dataset.pk}/examples/?finding=label").content.decode()
    assert 'href="?finding=label&amp;page=2"' in page
    assert shown(client, dataset, "?finding=label&page=2") == list(range(50, 70))
