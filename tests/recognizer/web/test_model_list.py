"""The list of models: sorted by the address, accuracy beside size and time, drawn; a card may say anything."""

import json
import re
from types import SimpleNamespace

import pytest
from django.test import Client

from recognizer import services
from recognizer.models import StoredModel
from recognizer.web import model_times

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _shipped() -> None:
    services.add_shipped()


def listed(client: Client, query: str = "") -> list[str]:
    """The models' names in the order of the page."""
    return re.findall(r'data-model="([^"]+)"', client.get(f"/models/{query}").text)


def test_each_column_sorts_both_ways_and_says_so(client: Client) -> None:
    by_size = list(StoredModel.objects.order_by("file_bytes").values_list("name", flat=True))
    assert listed(client, "?sort=size") == by_size
    assert listed(client, "?sort=-size") == by_size[::-1]
    page = client.get("/models/?sort=size").text
    assert re.findall(r'aria-sort="(\w+)"><a class="sort" href="\?([^"]+)"', page) == [
        ("ascending", "on=cmnist&amp;sort=-size&amp;")
    ]
    assert "aria-sort" not in client.get("/models/").text
    best = StoredModel.objects.get(name="best").accuracy["comnist"]
    assert listed(client, "?sort=-on+comnist")[0] == "best"
    assert f"{best:.2%}" in page


def test_a_model_without_a_value_comes_last_either_way(client: Client) -> None:
    StoredModel.objects.filter(name="tiny").update(card={"accuracy": {"comnist": 0.1}})
    for sort in ("on+cmnist", "-on+cmnist"):
        assert listed(client, f"?sort={sort}")[-1] == "tiny"


def test_an_unknown_order_or_device_is_none(client: Client) -> None:
    for query in ("?sort=card", "?sort=-", "?sort=on+nothing", "?device=device-9&sort=time", "?on=nothing&page=x"):
        assert listed(client, query) == listed(client)


def test_time_is_shown_on_the_device_that_is_chosen(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = list(StoredModel.objects.order_by("name").values_list("pk", flat=True))
    known = SimpleNamespace(
        devices=lambda: [("pi", "Raspberry Pi")], times=lambda _key: {keys[1]: 1234.56, keys[0]: 7.0}
    )
    monkeypatch.setattr(model_times, "provider", lambda: known)
    assert "µs" not in client.get("/models/").text
    page = client.get("/models/?device=pi&sort=time")
    assert re.findall(r'<td class="number">([\d,]+\.\d)</td>', page.text)[:1] == ["7.0"]
    assert "1,234.6" in page.text
    assert listed(client, "?device=pi&sort=time")[:2] == [
        StoredModel.objects.get(pk=key).name for key in (keys[0], keys[1])
    ]


def test_the_chart_has_the_models_of_the_data_set(client: Client) -> None:
    found = re.search(r'<script id="catalogue" type="application/json">(.*?)</script>', client.get("/models/").text)
    assert found is not None
    others, in_service = json.loads(found[1])["charts"]["size"]["series"]
    active = StoredModel.objects.get(is_active=True)
    assert in_service["points"] == [[round(active.file_bytes / 1024, 2), active.accuracy["cmnist"], active.name]]
    assert len(others["points"]) == StoredModel.objects.count() - 1


@pytest.mark.parametrize("accuracy", [None, [], {"x": "0.5"}, {"x": 7}, {"x": True, "y": None}, "text"])
def test_a_card_that_says_anything_is_listed(client: Client, accuracy: object) -> None:
    StoredModel.objects.filter(name="tiny").update(card={"accuracy": accuracy})
    assert "tiny" in listed(client)
