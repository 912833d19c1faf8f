"""Imports from the admin: each bad field gets its sentence, a good one becomes a job."""

import html
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from tests.training.datasets import making
from training.datasets.imports import uploads
from training.datasets.models import Dataset, DatasetImport, Origin
from training.jobs import lifecycle

pytestmark = pytest.mark.django_db
ADD = "/admin/datasets/datasetimport/add/"


def zipped(data: bytes) -> SimpleUploadedFile:
    """An upload."""
    return SimpleUploadedFile("../../letters.zip", data)


def test_made_letters_become_a_job(admin_client: Client) -> None:
    admin_client.post(ADD, {"name": "ours", "seed": "5", "per_letter": "20"})

    job = DatasetImport.objects.get()
    assert (job.origin, job.per_letter, job.seed, job.path) == (Origin.SYNTHETIC, 20, 5, "")


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "neither": ({}, "one of the three"),
    "both": ({"archive": (b"PK\x05\x06" + bytes(18)), "folder_path": "a.zip"}, "one of the three"),
    "no archive": ({"archive": b"plain text"}, "is not a zip or tar archive"),
    "empty": ({"archive": b""}, "The submitted file is empty"),
    "too large": ({"archive": b"PK\x05\x06" + bytes(2000)}, "The archive is larger than"),
    "path out": ({"folder_path": "../../etc"}, "inside the import folder"),
    "absolute path": ({"folder_path": "/etc/passwd"}, "inside the import folder"),
    "missing": ({"folder_path": "none.zip"}, "There is nothing at none.zip in the import folder"),
    "two of three": ({"per_letter": "5", "folder_path": "a.zip"}, "one of the three"),
    "too many made": ({"per_letter": "9001"}, "less than or equal to 9000"),
    "bad name": ({"name": "../x", "folder_path": "a.zip"}, "A name has at most 100 characters"),
    "taken name": ({"name": "taken", "folder_path": "a.zip"}, "There is a data set of this name already"),
    "bad seed": ({"seed": "-1", "folder_path": "a.zip"}, "greater than or equal to 0"),
    "huge seed": ({"seed": str(2**63), "folder_path": "a.zip"}, "less than or equal to"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_form_is_answered_at_the_field(case: str, admin_client: Client, settings: Settings) -> None:
    fields, words = BAD[case]
    settings.PROPIS_LIMITS = {**settings.PROPIS_LIMITS, "archive_bytes": 1000}
    making.write_zip(settings.PROPIS_IMPORT_ROOT / "a.zip", making.folders())
    lifecycle.enqueue(DatasetImport(name="taken", origin=Origin.SYNTHETIC))
    form = {"name": "letters", "seed": "0", **fields}
    if isinstance(form.get("archive"), bytes):
        form["archive"] = zipped(form["archive"])

    response = admin_client.post(ADD, form)

    assert response.status_code == 200
    assert words in html.unescape(response.content.decode())
    assert DatasetImport.objects.count() == 1
    assert len(list(uploads.folder().iterdir())) == (case == "both"), "a good archive stays for the corrected form"


def test_lists_and_pages_open(admin_client: Client, dataset: Dataset) -> None:
    job = lifecycle.enqueue(DatasetImport(name="next", origin=Origin.SYNTHETIC))
    for path in ("dataset/", f"dataset/{dataset.pk}/change/", "datasetimport/", f"datasetimport/{job.pk}/change/"):
        assert admin_client.get(f"/admin/datasets/{path}").status_code == 200
    assert admin_client.get("/admin/datasets/dataset/add/")["Location"] == ADD


def test_chosen_imports_can_be_cancelled(admin_client: Client) -> None:
    job = lifecycle.enqueue(DatasetImport(name="next", origin=Origin.SYNTHETIC))

    admin_client.post("/admin/datasets/datasetimport/", {"action": "cancel", "_selected_action": [job.pk]})

    job.refresh_from_db()
    assert job.state == "cancelled"


def test_an_archive_survives_an_error_elsewhere_and_names_the_data_set(admin_client: Client, tmp_path: Path) -> None:
    """What was sent once need not be sent again, and only by who has the form's signed word."""
    archive = making.write_zip(tmp_path / "a.zip", making.folders()).read_bytes()
    upload = SimpleUploadedFile("Letters of 7b!.zip", archive)
    form = admin_client.post(ADD, {"name": "", "seed": "-1", "archive": upload}).context["adminform"].form
    word = form["kept"].value()
    assert "Letters of 7b!.zip is here already" in form.fields["archive"].help_text

    page = admin_client.post(ADD, {"name": "", "seed": "0", "kept": word}, follow=True)
    assert page.context["draft"].name == "Letters of 7b"
    assert page.context["found"].pictures > 0
    refused = admin_client.post(ADD, {"name": "", "seed": "0", "kept": f"{word}x"})
    assert "one of the three" in refused.text


def test_a_name_that_is_taken_is_proposed_with_a_number(admin_client: Client) -> None:
    lifecycle.enqueue(DatasetImport(name="synthetic", origin=Origin.SYNTHETIC))
    admin_client.post(ADD, {"name": "", "seed": "0", "per_letter": "20"})
    assert DatasetImport.objects.latest("pk").name == "synthetic 2"
