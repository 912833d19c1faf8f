"""The pictures of a data set are relabelled and removed where one looks at them, by who may; each can be undone."""

import pytest
from django.test import Client

from training.cleaning import decisions
from training.cleaning.models import Action
from training.datasets.models import Dataset

pytestmark = pytest.mark.django_db


def gallery(client: Client, dataset: Dataset, query: str = "") -> str:
    """The page."""
    return client.get(f"/data/{dataset.pk}/examples/{query}").content.decode()


def decide(client: Client, dataset: Dataset, **fields: object) -> str:
    """Send the form as a browser without a script does; return where it leads."""
    answer = client.post(f"/data/{dataset.pk}/review/decide/", fields)
    assert answer.status_code == 302
    return answer.headers["Location"]


def test_who_may_not_change_it_only_looks(client: Client, dataset: Dataset) -> None:
    page = gallery(client, dataset)
    assert 'name="picture"' not in page
    assert "review.js" not in page
    assert client.post(f"/data/{dataset.pk}/review/decide/", {"do": "reject", "picture": 1}).status_code in (302, 403)
    assert decisions.current(dataset) == {}


def test_chosen_pictures_are_relabelled_removed_and_taken_back(admin_client: Client, dataset: Dataset) -> None:
    here = f"/data/{dataset.pk}/examples/?letter=%D0%90"
    letter = dataset.letters[1]
    assert decide(admin_client, dataset, do="relabel", letter=letter, picture=[2, 3], next=here) == here
    assert decide(admin_client, dataset, do="reject", picture=[4], next=here) == here
    held = decisions.current(dataset)
    assert {number: (row.action, row.label) for number, row in held.items()} == {
        2: (Action.RELABEL, 1), 3: (Action.RELABEL, 1), 4: (Action.REJECT, None),
    }  # fmt: skip
    page = gallery(admin_client, dataset)
    assert page.count(f'<span class="tile-said small">now {letter}</span>') == 2
    assert page.count('data-action="reject"') == 1
    decide(admin_client, dataset, do="undo", next=here)
    decide(admin_client, dataset, do="undo", next=here)
    assert decisions.current(dataset) == {}


def test_no_way_leads_to_another_site(admin_client: Client, dataset: Dataset) -> None:
    for there in ("https://example.org/", "//example.org", "javascript:alert(1)"):
        assert decide(admin_client, dataset, do="reject", picture=[4], next=there).startswith("/data/")


def test_what_cannot_be_done_is_said_on_the_page(admin_client: Client, dataset: Dataset) -> None:
    here = f"/data/{dataset.pk}/examples/"
    for fields, words in (
        ({"do": "relabel", "letter": "Q", "picture": [1]}, "has no letter"),
        ({"do": "reject"}, "Choose at least one picture."),
        ({"do": "reject", "picture": [999_999]}, "has no such picture"),
        ({"do": "reject", "picture": ["x"]}, "asked for by their numbers"),
    ):
        assert decide(admin_client, dataset, next=here, **fields) == here
        assert words in gallery(admin_client, dataset)
