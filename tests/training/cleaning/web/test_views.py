"""The review page: everybody looks, those who may decide; it works without a script."""

import html
import json
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from training.cleaning import decisions, findings, services
from training.cleaning.models import Action, Cleaning, Finding, FindingKind, NewVersion
from training.cleaning.tasks import make_next_version, search_next
from training.cleaning.web.presentation import version_name
from training.datasets.models import Dataset
from training.datasets.storage.picture_files import Index
from training.jobs.models import State

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cleaning(dataset: Dataset) -> Cleaning:
    """A search that has found something; the pictures are chosen here."""
    job = Cleaning.objects.create(
        dataset=dataset, state=State.SUCCEEDED, counts={"label": 70, "near": 2}, accuracy=0.9, progress=1
    )
    rows = [
        Finding(
            cleaning=job,
            kind="label",
            picture=n,
            score=1 - n / 100,
            label=n // 40,
            split=0,
            predicted=2,
            probability=0.9,
        )
        for n in range(70)
    ]
    rows += [Finding(cleaning=job, kind="near", picture=n, score=1, label=2, split=1, twin=n - 1) for n in (101, 111)]
    Finding.objects.bulk_create(rows)
    return job


def text(client: Client, path: str) -> str:
    """Get a page."""
    response = client.get(path)
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def post(client: Client, path: str, status: int = 200, **fields: Any) -> dict[str, Any]:
    """Post as the script does."""
    response = client.post(path, fields, headers={"accept": "application/json"})
    assert response.status_code == status
    answer: dict[str, Any] = json.loads(response.content)
    return answer


def test_everybody_looks_and_only_the_permitted_have_buttons(
    client: Client, dataset: Dataset, cleaning: Cleaning, admin_user: User
) -> None:
    page = text(client, f"/data/{dataset.pk}/review/")
    assert page.count('<li class="tile"') == 60
    assert 'wrong letter? <span class="muted">70</span>' in page
    assert '<button class="button" name="do"' not in page
    assert 'name="picture"' not in page
    client.force_login(admin_user)
    page = text(client, f"/data/{dataset.pk}/review/")
    assert page.count('name="picture"') == 60
    assert "style=" not in page.split("</header>", 1)[1]
    assert text(client, f"/data/{dataset.pk}/review/?page=2").count('<li class="tile"') == 10


def test_filters(client: Client, dataset: Dataset, cleaning: Cleaning) -> None:
    near = text(client, f"/data/{dataset.pk}/review/?kind=near")
    assert near.count('<li class="tile"') == 2
    assert near.count('<use href="#sheet"/>') == 4
    assert text(client, f"/data/{dataset.pk}/review/?kind=label&letter=Б").count('<li class="tile"') == 30
    assert text(client, f"/data/{dataset.pk}/review/?kind=label&split=test").count('<li class="tile"') == 0
    assert text(client, f"/data/{dataset.pk}/review/?kind=none&letter=ЖЖ&page=x").count('<li class="tile"') == 60


def test_decisions_by_the_script_and_undo(
    client: Client, dataset: Dataset, cleaning: Cleaning, admin_user: User
) -> None:
    client.force_login(admin_user)
    address = f"/data/{dataset.pk}/review/decide/"
    assert post(client, address, do="accept", picture=[1, 2]) == {
        "decisions": {"1": {"action": "accept", "words": "kept"}, "2": {"action": "accept", "words": "kept"}}
    }
    assert post(client, address, do="relabel", picture=[2], letter="б")["decisions"]["2"]["words"] == "now Б"
    assert post(client, address, do="reject:3")["decisions"]["3"]["action"] == "reject"
    assert post(client, address, do="undo")["decisions"] == {"3": {"action": "", "words": ""}}
    assert post(client, address, do="undo")["decisions"]["2"]["action"] == "accept"
    assert {number: row.by for number, row in decisions.current(dataset).items()} == {1: admin_user, 2: admin_user}


def test_without_a_script_the_page_comes_back_with_its_filter(
    client: Client, dataset: Dataset, cleaning: Cleaning, admin_user: User
) -> None:
    client.force_login(admin_user)
    answer = client.post(f"/data/{dataset.pk}/review/decide/?kind=label&page=1", {"do": "relabel:5:В"})
    assert answer["Location"] == f"/data/{dataset.pk}/review/?kind=label&page=1"
    assert decisions.current(dataset)[5].label == 2
    page = text(client, answer["Location"])
    assert 'data-picture="5"' not in page
    assert 'data-picture="5" data-action="relabel"' in text(client, f"/data/{dataset.pk}/review/?kind=label&decided=1")


def test_the_whole_list_is_rejected_in_one_go(
    client: Client, dataset: Dataset, cleaning: Cleaning, admin_user: User
) -> None:
    client.force_login(admin_user)
    client.post(f"/data/{dataset.pk}/review/decide/?kind=label&letter=Б", {"do": "reject", "all": "1"})
    assert sorted(decisions.current(dataset)) == list(range(40, 70))
    assert findings.open_counts(cleaning) == {"label": 40, "near": 2}
    client.post(f"/data/{dataset.pk}/review/decide/", {"do": "undo"})
    assert decisions.current(dataset) == {}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"do": ""}, "No action was chosen"),
        ({"do": "burn", "picture": [1]}, "No action was chosen"),
        ({"do": "accept"}, "Choose at least one picture"),
        ({"do": "accept", "picture": ["x"]}, "by their numbers"),
        ({"do": "accept", "picture": [5000]}, "no such picture"),
        ({"do": "relabel", "picture": [1], "letter": "Z"}, "no letter “Z”"),
    ],
)
def test_bad_input_is_one_sentence(
    client: Client, dataset: Dataset, cleaning: Cleaning, admin_user: User, fields: dict[str, Any], words: str
) -> None:
    client.force_login(admin_user)
    assert words in post(client, f"/data/{dataset.pk}/review/decide/", 400, **fields)["error"]
    assert words in client.post(f"/data/{dataset.pk}/review/decide/", fields, follow=True).content.decode()
    assert decisions.current(dataset) == {}


@pytest.mark.parametrize("path", ["review/decide/", "clean/", "version/"])
def test_nobody_else_changes_anything(client: Client, dataset: Dataset, path: str) -> None:
    client.force_login(User.objects.create_user("reader", password="x"))
    assert client.post(f"/data/{dataset.pk}/{path}", {"do": "reject:1", "name": "v"}).status_code == 403
    assert not decisions.current(dataset)
    assert not Cleaning.objects.exists()
    assert not NewVersion.objects.exists()


def test_a_search_and_a_version_are_started_and_watched(client: Client, dataset: Dataset, admin_user: User) -> None:
    assert "Not checked yet" in text(client, f"/data/{dataset.pk}/review/")
    client.force_login(admin_user)
    started = client.post(f"/data/{dataset.pk}/clean/")
    job = Cleaning.objects.get()
    assert started["Location"] == f"/data/cleanings/{job.pk}/"
    assert client.post(f"/data/{dataset.pk}/clean/")["Location"] == started["Location"]
    assert f'hx-get="/data/cleanings/{job.pk}/progress/"' in text(client, started["Location"])
    search_next()
    assert client.get(f"/data/cleanings/{job.pk}/progress/").status_code == 286
    services.decide(dataset, Index.load(dataset.folder), [0], Action.REJECT, by=admin_user)

    address = client.post(f"/data/{dataset.pk}/version/", {"name": "letters 2"})["Location"]
    make_next_version()

    version = Dataset.objects.get(name="letters 2")
    assert f'href="/data/{version.pk}/"' in text(client, address)
    page = text(client, f"/data/{version.pk}/")
    assert f'<a href="/data/{dataset.pk}/">letters</a>, 120 pictures: 1 rejected, 0 with another letter' in page
    assert f'<a href="/data/{version.pk}/">letters 2</a>' in text(client, f"/data/{dataset.pk}/")
    assert client.get(address + "progress/").status_code == 286


def test_a_bad_name_is_reported_on_the_page(client: Client, dataset: Dataset, admin_user: User) -> None:
    client.force_login(admin_user)
    for name, words in (("letters", "already"), ("", "A name has at most 100"), ("x" * 101, "A name has at most 100")):
        assert words in client.post(f"/data/{dataset.pk}/version/", {"name": name}, follow=True).content.decode()
    assert not NewVersion.objects.exists()


def test_names_that_are_offered_are_free(dataset: Dataset) -> None:
    assert version_name(dataset) == "letters 2"
    Dataset.objects.create(name="letters 2", pictures=1, report={})
    assert version_name(dataset) == "letters 3"
    assert version_name(Dataset.objects.get(name="letters 2")) == "letters 3"


def test_the_admin_starts_both(client: Client, dataset: Dataset, admin_user: User) -> None:
    client.force_login(admin_user)
    fields = {"cleaning-dataset": dataset.pk, "cleaning-folds": 3, "cleaning-seed": 1}
    assert client.post("/admin/cleaning/cleaning/add/", fields).status_code == 302
    job = Cleaning.objects.get()
    assert (job.folds, job.state, job.created_by) == (3, State.QUEUED, admin_user)
    form = {"parent": dataset.pk, "name": "letters", "comment": ""}
    assert "already" in client.post("/admin/cleaning/newversion/add/", form).content.decode()
    assert client.post("/admin/cleaning/newversion/add/", {**form, "name": "mended"}).status_code == 302
    assert NewVersion.objects.get().name == "mended"
    for kind in ("cleaning", "newversion"):
        assert client.get(f"/admin/cleaning/{kind}/").status_code == 200


def test_kinds_have_one_name_each() -> None:
    assert len({str(kind.label) for kind in FindingKind}) == len(FindingKind)
