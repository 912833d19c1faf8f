"""Pages of data sets and imports."""

import html
import re

import pytest
from django.test import Client

from accounts.models import User
from training.datasets.models import Dataset, DatasetImport, Origin
from training.jobs import lifecycle
from training.jobs.models import State

pytestmark = pytest.mark.django_db


def text(client: Client, path: str, status: int = 200) -> str:
    """Get a page."""
    response = client.get(path)
    assert response.status_code == status
    return html.unescape(response.content.decode())


def test_empty_index_says_what_to_do(client: Client) -> None:
    assert "No data sets yet" in text(client, "/data/")


def test_index_lists_data_sets_and_imports_under_way(client: Client, dataset: Dataset) -> None:
    job = lifecycle.enqueue(DatasetImport(name="next", origin=Origin.SYNTHETIC))

    page = text(client, "/data/")

    assert f'href="/data/{dataset.pk}/"' in page
    assert f'href="/data/imports/{job.pk}/"' in page
    assert re.findall(r'<td class="number">(\d+)</td>', page) == ["3", "24", "16", "2", "6"]


def test_detail_shows_counts_samples_report_and_hashes(client: Client, dataset: Dataset) -> None:
    page = text(client, f"/data/{dataset.pk}/")

    assert dataset.content_sha256 in page
    assert dataset.archive_sha256 in page
    assert all(row.sha256 in page for row in dataset.inputs_files.all())
    assert page.count("<svg viewBox=") >= 3
    assert f'href="/data/{dataset.pk}/sheet.png"' in page
    assert "style=" not in page.split("</header>", 1)[1]


def test_detail_lists_what_was_skipped_and_escapes_names(client: Client, dataset: Dataset) -> None:
    dataset.report["skipped_list"] = [["<script>alert(1)</script>.png", "The file is empty."]]
    dataset.save()

    page = client.get(f"/data/{dataset.pk}/").content.decode()

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;.png" in page


def test_sheet_is_sent_once(client: Client, dataset: Dataset) -> None:
    response = client.get(f"/data/{dataset.pk}/sheet.png")

    assert response["Content-Type"] == "image/png"
    assert "immutable" in response["Cache-Control"]
    assert response.getvalue()[:4] == b"\x89PNG"


@pytest.mark.parametrize("path", ["/data/99/", "/data/99/sheet.png", "/data/imports/99/", "/data/imports/99/progress/"])
def test_unknown_is_404(path: str, client: Client) -> None:
    assert client.get(path).status_code == 404


def test_missing_sheet_is_404(client: Client, dataset: Dataset) -> None:
    (dataset.folder / "sheet.png").unlink()
    assert client.get(f"/data/{dataset.pk}/sheet.png").status_code == 404


def test_import_page_asks_again_until_it_has_ended(client: Client) -> None:
    job = lifecycle.enqueue(DatasetImport(name="next", origin=Origin.SYNTHETIC))
    assert f'hx-get="/data/imports/{job.pk}/progress/"' in text(client, f"/data/imports/{job.pk}/")
    text(client, f"/data/imports/{job.pk}/progress/")
    DatasetImport.objects.update(state=State.FAILED, error="letters.zip is a damaged archive.")

    fragment = text(client, f"/data/imports/{job.pk}/progress/", status=286)

    assert "letters.zip is a damaged archive." in fragment
    assert "hx-get" not in fragment


def test_only_those_who_may_can_cancel(client: Client, admin_user: User) -> None:
    job = lifecycle.enqueue(DatasetImport(name="next", origin=Origin.SYNTHETIC))
    assert client.post(f"/data/imports/{job.pk}/cancel/").status_code in (302, 403)
    job.refresh_from_db()
    assert job.state == State.QUEUED

    client.force_login(admin_user)
    assert client.post(f"/data/imports/{job.pk}/cancel/").status_code == 302
    job.refresh_from_db()
    assert job.state == State.CANCELLED


def test_page_tells_that_the_splits_are_disjoint_and_who_wrote(client: Client, dataset: Dataset) -> None:
    dataset.report |= {"writers": 12, "writers_in_several_parts": 3}
    dataset.save()

    page = client.get(dataset.get_absolute_url()).content.decode()

    assert "verified: of 24 different pictures none occurs in two splits" in page
    assert "12, 3 of them in several splits" in page
