"""What was found is shown before an import from the admin, and confirmed or changed by a person."""

import html
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core import signing
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http.response import HttpResponseBase
from django.test import Client
from pytest_django import Settings

from tests.training.datasets import making
from training.datasets import uploads
from training.datasets.drafts import Draft
from training.datasets.models import Dataset, DatasetImport, Origin
from training.datasets.splitting import Split
from training.datasets.tasks import import_next
from training.jobs import lifecycle
from training.jobs.lifecycle import waking

pytestmark = pytest.mark.django_db
ADD = "/admin/datasets/datasetimport/add/"
PLAIN = {"name": "letters", "seed": "3", "letters": "russian", "split": "anew", "do": "import"}
ROWS = ("file,Russian,class42,split,writer", "1.png,0,0,train,a", "2.png,1,2,test,b", "3.png,-1,41,train,b")


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is woken, and nothing is remembered of another test's archive."""
    monkeypatch.setattr(waking, "wake", lambda _kind: None)
    cache.clear()


def words(response: HttpResponseBase) -> str:
    """The text of a page without its tags."""
    text = re.sub(r"<script.*?</script>|<[^>]+>", " ", response.getvalue().decode(), flags=re.DOTALL)
    return " ".join(html.unescape(text).split())


def uploaded(client: Client, data: bytes, name: str = "letters.zip") -> str:
    """Send the first form with an upload; return the address of the page with what was found."""
    form = {"name": "letters", "seed": "3", "archive": SimpleUploadedFile(f"../../{name}", data)}
    response = client.post(ADD, form)
    assert response.status_code == 302
    return str(response["Location"])


def table(folder: Path) -> Path:
    """An archive with a table that has two columns of labels, parts and writers."""
    pictures = {f"{number}.png": making.png(number) for number in range(1, 4)}
    return making.write_zip(folder / "table.zip", {"i.csv": "\n".join(ROWS).encode(), **pictures})


def test_upload_is_shown_then_confirmed_then_imported(admin_client: Client, archive: Path) -> None:
    page = uploaded(admin_client, archive.read_bytes())

    shown = admin_client.get(page)

    assert not DatasetImport.objects.exists()
    assert "Nothing is imported until you confirm it" in words(shown)
    assert "a folder for each letter" in words(shown)
    assert "33 Russian letters: 24 pictures" in words(shown)
    assert list(shown.context["found"].counts.values())[:4] == [8, 8, 8, 0]

    response = admin_client.post(page, {**PLAIN, "test": "25%", "validation": "3"})

    job = DatasetImport.objects.get()
    assert response["Location"] == f"/data/imports/{job.pk}/"
    assert (job.name, job.seed, job.origin, job.state) == ("letters", 3, Origin.UPLOAD, "queued")
    assert job.created_by is not None
    assert Path(job.path).read_bytes() == archive.read_bytes()
    assert Path(job.path).parent.parent == uploads.folder()
    import_next()
    dataset = Dataset.objects.get()
    assert [dataset.size(split) for split in Split] == [15, 3, 6]


def test_path_is_shown_then_confirmed(admin_client: Client, settings: Settings) -> None:
    making.write_folder(settings.PROPIS_IMPORT_ROOT / "set", making.folders())

    response = admin_client.post(ADD, {"name": "letters", "seed": "0", "folder_path": "set"})
    assert "24 pictures" in words(admin_client.get(response["Location"]))
    admin_client.post(response["Location"], PLAIN)

    job = DatasetImport.objects.get()
    assert (job.origin, job.path, job.split_anew) == (Origin.FOLDER, "set", False)


def test_another_column_and_class_set_are_looked_at_and_imported(admin_client: Client, tmp_path: Path) -> None:
    page = uploaded(admin_client, table(tmp_path).read_bytes())
    first = admin_client.get(page)
    assert (first.context["found"].pictures, first.context["found"].set_aside) == (2, 1)
    assert first.context["parts"] == [("train", 1), ("validation", 0), ("test", 1)]
    changed = {"name": "all", "seed": "1", "letters": "all", "labels": "class42", "writers": "none", "split": "anew"}

    again = admin_client.post(page, {**changed, "do": "look"})

    assert not DatasetImport.objects.exists()
    assert (again.context["found"].pictures, again.context["found"].writers) == (3, 0)
    form = again.context["form"]
    assert {name: form[name].value() for name in changed} == changed

    admin_client.post(page, {**changed, "test": "1", "do": "import"})
    import_next()

    dataset = Dataset.objects.get(name="all")
    assert (len(dataset.letters), dataset.pictures, dataset.size(Split.TEST)) == (42, 3, 1)
    assert dataset.report["drawn_anew"] is True


BAD: Mapping[str, tuple[dict[str, str], str]] = {
    "name": ({"name": "../x"}, "A name has letters, digits"),
    "taken name": ({"name": "taken"}, "There is a data set of this name already"),
    "no size": ({"test": "many"}, "is no size of a part"),
    "too large": ({"validation": "24"}, "There are only 24 pictures"),
    "seed": ({"seed": "-1"}, "greater than or equal to 0"),
    "class set": ({"letters": "greek"}, "not one of the available choices"),
    "split": ({"split": "keep"}, "not one of the available choices"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_choice_is_answered_at_the_field(case: str, admin_client: Client, archive: Path) -> None:
    fields, expected = BAD[case]
    lifecycle.enqueue(DatasetImport(name="taken", origin=Origin.MADE))
    page = uploaded(admin_client, archive.read_bytes())

    response = admin_client.post(page, {**PLAIN, **fields})

    assert response.status_code == 200
    assert expected in words(response)
    assert DatasetImport.objects.count() == 1


def test_size_of_a_kept_part_is_refused(admin_client: Client, tmp_path: Path) -> None:
    page = uploaded(admin_client, table(tmp_path).read_bytes())
    chosen = {**PLAIN, "labels": "russian", "writers": "writer", "split": "keep", "test": "1"}

    assert "own part is kept" in words(admin_client.post(page, chosen))


def test_same_bytes_are_recognised(admin_client: Client, archive: Path, settings: Settings) -> None:
    page = uploaded(admin_client, archive.read_bytes())
    admin_client.post(page, PLAIN)
    import_next()

    shown = words(admin_client.get(uploaded_again(admin_client, archive)))

    assert "The same bytes were imported before, as “letters”." in shown
    assert "Import it once more" in shown


def uploaded_again(client: Client, archive: Path) -> str:
    """Upload under another name."""
    form = {"name": "again", "seed": "3", "archive": SimpleUploadedFile("b.zip", archive.read_bytes())}
    return str(client.post(ADD, form)["Location"])


def test_bad_archive_is_told_before_anything_is_queued(admin_client: Client) -> None:
    page = uploaded(admin_client, b"PK\x03\x04 and no more")

    response = admin_client.get(page)

    assert response.status_code == 400
    assert "letters.zip is a damaged archive" in words(response)
    assert "Back to the form" in words(response)


def test_what_is_not_wanted_is_thrown_away(admin_client: Client, archive: Path) -> None:
    page = uploaded(admin_client, archive.read_bytes())

    assert admin_client.post(page, {"do": "discard"})["Location"] == "/data/"

    assert list(uploads.folder().iterdir()) == []
    assert "is no longer here: upload it once more" in words(admin_client.get(page))


def test_page_is_for_the_person_who_sent_the_form(admin_client: Client, archive: Path, client: Client) -> None:
    page = uploaded(admin_client, archive.read_bytes())
    assert client.get(page).status_code == 403
    other = get_user_model().objects.create_superuser("other", "o@example.org", "password-1917")
    client.force_login(other)

    assert client.get(page).status_code == 410
    assert client.get(f"{page[:-5]}xxxx/").status_code == 410


def test_old_page_has_expired(admin_client: Client, archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = uploaded(admin_client, archive.read_bytes())
    monkeypatch.setattr("training.datasets.drafts.LASTS_SECONDS", -1)

    assert "has expired" in words(admin_client.get(page))


def test_draft_of_something_else_is_none() -> None:
    assert Draft.read(signing.dumps({"a": 1}, salt="datasets.draft"), 1) is None
