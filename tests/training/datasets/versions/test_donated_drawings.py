"""Accepted drawings become split of a new version of a data set, once, and are deleted independently of it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from recognizer.models import Drawing, Review
from training.datasets.content.splitting import Split
from training.datasets.errors import DatasetError
from training.datasets.models import Dataset, DatasetImport, Origin
from training.datasets.storage.picture_files import Index
from training.datasets.tasks import import_next
from training.datasets.versions import donated_drawings
from training.jobs import lifecycle
from training.jobs.models import State

pytestmark = pytest.mark.django_db(transaction=True)


def donated(letter: str, state: Review = Review.ACCEPTED, **fields: Any) -> Drawing:
    number = Drawing.objects.count()
    strokes = [[[0, 0], [50, 100 + number]], [[50, 0], [0, 100]]]
    return Drawing.objects.create(strokes=strokes, claimed=letter, letter=letter, predicted=letter, best=[[letter, 1]],
                                  ink_specification="moments-1", state=state, **fields)  # fmt: skip


def added(parent: Dataset, name: str) -> DatasetImport:
    """Add what is accepted, as a worker does."""
    job = lifecycle.enqueue(DatasetImport(name=name, origin=Origin.DRAWINGS, parent=parent))
    import_next()
    job.refresh_from_db()
    return job


def test_accepted_ones_are_added_to_the_training_split(dataset: Dataset) -> None:
    taken = [donated("А"), donated("В")]
    left = [donated("А", Review.PENDING), donated("А", Review.REJECTED), donated("Я")]

    job = added(dataset, "letters 2")

    assert (job.state, job.error) == (State.SUCCEEDED, "")
    version = job.dataset
    assert version is not None
    assert (version.pictures, version.parent) == (dataset.pictures + 2, dataset)
    assert version.size(Split.TRAIN) == dataset.size(Split.TRAIN) + 2
    assert version.lineage[-1]["added_by_source"] == {donated_drawings.SOURCE: 2}
    names = Index.load(version.folder).names
    assert [name for name in names if "drawing" in name] == [
        f"added/{number:06d}-drawing-{drawing.pk}.png" for number, drawing in enumerate(taken)
    ]
    versions = {drawing.pk: drawing.versions for drawing in Drawing.objects.all()}
    assert versions == {**{each.pk: ["letters 2"] for each in taken}, **{each.pk: [] for each in left}}


def test_none_is_added_twice_to_a_line_of_versions(dataset: Dataset) -> None:
    donated("А")
    second = added(dataset, "letters 2").dataset
    assert second is not None
    new = donated("Б")

    assert donated_drawings.to_add(second) == [new]
    third = added(second, "letters 3").dataset
    assert third is not None
    with pytest.raises(DatasetError, match="no accepted drawing that “letters 3” does not already have"):
        donated_drawings.to_add(third)
    assert len(donated_drawings.to_add(dataset)) == 2, "its first version is another line"


def test_one_that_is_deleted_stays_deleted_and_the_version_stays(dataset: Dataset) -> None:
    drawing = donated("А")
    version = added(dataset, "letters 2").dataset
    assert version is not None
    drawing.delete()

    donated_drawings.note_version([drawing], "another")

    assert not Drawing.objects.exists()
    assert version.pictures == dataset.pictures + 1


def test_nothing_to_add_or_nothing_to_add_to_fails_in_a_sentence(dataset: Dataset) -> None:
    assert "There is no accepted drawing" in added(dataset, "letters 2").error
    assert "has been deleted" in lost_parent().error
    assert Dataset.objects.count() == 1


def lost_parent() -> DatasetImport:
    job = lifecycle.enqueue(DatasetImport(name="letters 3", origin=Origin.DRAWINGS))
    import_next()
    job.refresh_from_db()
    return job


def press(client: Client, dataset: Dataset, name: str) -> Any:
    address = reverse("admin:datasets_dataset_add_drawings", args=[dataset.pk])
    assert client.get(address).status_code == 200
    return client.post(address, {"name": name, "_form_submitted": "on"})


def test_the_button_queues_a_version(admin_client: Client, dataset: Dataset) -> None:
    donated("А")

    response = press(admin_client, dataset, "letters 2")

    job = DatasetImport.objects.get()
    assert response["HX-Redirect"] == f"/data/imports/{job.pk}/"
    assert (job.name, job.origin, job.parent, job.state) == ("letters 2", Origin.DRAWINGS, dataset, State.QUEUED)
    assert job.created_by is not None


@pytest.mark.parametrize(("name", "words"), [("letters", "already"), ("../x", "at most 100"), ("", "required")])
def test_the_button_refuses_a_bad_name(admin_client: Client, dataset: Dataset, name: str, words: str) -> None:
    donated("А")

    assert words in press(admin_client, dataset, name).content.decode()
    assert not DatasetImport.objects.exists()


def test_the_button_says_that_there_is_nothing(admin_client: Client, dataset: Dataset) -> None:
    press(admin_client, dataset, "letters 2")

    assert "There is no accepted drawing" in admin_client.get("/admin/datasets/dataset/").content.decode()
    assert not DatasetImport.objects.exists()
