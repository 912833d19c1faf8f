"""What was found is shown before an import from the admin, and confirmed or changed by a person."""

import gzip
import html
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest
from django.contrib.auth import get_user_model
from django.core import signing
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.training.datasets import making
from training.datasets.content.splitting import Split
from training.datasets.imports import uploads
from training.datasets.imports.drafts import Draft
from training.datasets.models import Dataset, DatasetImport, Origin
from training.datasets.tasks import import_next
from training.jobs import lifecycle

pytestmark = pytest.mark.django_db
ADD = "/admin/datasets/datasetimport/add/"
PLAIN = {"name": "letters", "seed": "3", "letters": "russian", "split": "anew", "do": "import"}
ROWS = ("file,Russian,class42,split,writer", "1.png,0,0,train,a", "2.png,1,2,test,b", "3.png,-1,41,train,b")


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    """Nothing is remembered of another test's archive."""
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
    """An archive with a table that has two columns of labels, splits and writers."""
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


def test_a_split_without_validation_can_be_chosen(admin_client: Client, archive: Path) -> None:
    page = uploaded(admin_client, archive.read_bytes())
    admin_client.post(page, {**PLAIN, "test": "76635:16500", "validation": "0"})
    split = DatasetImport.objects.get().split
    assert (split.test, split.validation) == (16500 / 93135, 0)
    import_next()
    dataset = Dataset.objects.get()
    assert [dataset.size(split) for split in Split] == [20, 0, 4]
    for address in (dataset.get_absolute_url(), f"{reverse('datasets:examples', args=[dataset.pk])}?letter=А"):
        assert admin_client.get(address).status_code == 200


def test_path_is_shown_then_confirmed(admin_client: Client, settings: Settings) -> None:
    making.write_folder(settings.PROPIS_IMPORT_ROOT / "set", making.folders())

    response = admin_client.post(ADD, {"name": "letters", "seed": "0", "folder_path": "set"})
    assert "24 pictures" in words(admin_client.get(response["Location"]))
    admin_client.post(response["Location"], PLAIN)

    job = DatasetImport.objects.get()
    assert (job.origin, job.path, job.redraw_splits) == (Origin.FOLDER, "set", False)


def test_another_column_and_class_set_are_looked_at_and_imported(admin_client: Client, tmp_path: Path) -> None:
    page = uploaded(admin_client, table(tmp_path).read_bytes())
    first = admin_client.get(page)
    assert (first.context["found"].pictures, first.context["found"].set_aside) == (2, 1)
    assert first.context["splits"] == [("train", 1), ("validation", 0), ("test", 1)]
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
    "name": ({"name": "../x"}, "A name has at most 100 characters"),
    "taken name": ({"name": "taken"}, "There is a data set of this name already"),
    "no size": ({"test": "many"}, "is not the size of a split"),
    "too large": ({"validation": "24"}, "There are only 24 pictures"),
    "seed": ({"seed": "-1"}, "greater than or equal to 0"),
    "class set": ({"letters": "greek"}, "not one of the available choices"),
    "split": ({"split": "keep"}, "not one of the available choices"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_choice_is_answered_at_the_field(case: str, admin_client: Client, archive: Path) -> None:
    fields, expected = BAD[case]
    lifecycle.enqueue(DatasetImport(name="taken", origin=Origin.SYNTHETIC))
    page = uploaded(admin_client, archive.read_bytes())

    response = admin_client.post(page, {**PLAIN, **fields})

    assert response.status_code == 200
    assert expected in words(response)
    assert DatasetImport.objects.count() == 1


def test_size_of_a_kept_split_is_refused(admin_client: Client, tmp_path: Path) -> None:
    page = uploaded(admin_client, table(tmp_path).read_bytes())
    chosen = {**PLAIN, "labels": "russian", "writers": "writer", "split": "keep", "test": "1"}

    assert "own split is kept" in words(admin_client.post(page, chosen))


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


def test_bad_archive_is_refused_before_anything_is_queued(admin_client: Client) -> None:
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
    assert client.get(page)["Location"] == f"/account/sign-in/?next={quote(page)}"
    client.force_login(get_user_model().objects.create_user("reader", is_staff=True))
    assert client.get(page).status_code == 403
    other = get_user_model().objects.create_superuser("other", "o@example.org", "password-1917")
    client.force_login(other)

    assert client.get(page).status_code == 410
    assert client.get(f"{page[:-5]}xxxx/").status_code == 410


def test_old_page_has_expired(admin_client: Client, archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = uploaded(admin_client, archive.read_bytes())
    monkeypatch.setattr("training.datasets.imports.drafts.LASTS_SECONDS", -1)

    assert "has expired" in words(admin_client.get(page))


def test_draft_of_something_else_is_none() -> None:
    assert Draft.read(signing.dumps({"a": 1}, salt="datasets.draft"), 1) is None


def numbered(folder: Path, first: int, count: int) -> Path:
    """An archive whose folders are numbered."""
    names = (f"{number}/{place}.png" for number in range(first, first + count) for place in range(2))
    return making.write_zip(folder / "numbers.zip", {name: making.png(place) for place, name in enumerate(names)})


def test_ambiguous_numbers_are_asked_about_and_the_answer_is_used(admin_client: Client, tmp_path: Path) -> None:
    page = uploaded(admin_client, numbered(tmp_path, 5, 9).read_bytes())
    assert "that does not tell whether the first one is 0 or 1" in words(admin_client.get(page))

    unanswered = admin_client.post(page, PLAIN)
    assert unanswered.status_code == 200
    assert "numbers_from" in unanswered.context["form"].errors
    looked = admin_client.post(page, PLAIN | {"numbers_from": "1", "do": "look"})
    assert looked.context["form"]["numbers_from"].value() == "1"
    assert [sample.letter for sample in looked.context["found"].samples] == ["Д", "З", "Л"]

    admin_client.post(page, PLAIN | {"numbers_from": "1"})
    job = DatasetImport.objects.get()
    assert job.answers == {"numbers_from": "1"}
    import_next()
    dataset = Dataset.objects.get()
    counts = np.sum([dataset.counts(split) for split in Split], axis=0)
    assert "".join(dataset.letters[label] for label in np.flatnonzero(counts)) == "ДЕЁЖЗИЙКЛ"


def test_what_was_found_is_shown_with_pictures_of_the_first_a_middle_and_the_last_letter(
    admin_client: Client, tmp_path: Path
) -> None:
    page = uploaded(admin_client, numbered(tmp_path, 1, 33).read_bytes())

    answer = admin_client.get(page)

    assert "The numbers of the letters start at 1: 1 is А." in words(answer)
    assert "letters found 33" in words(answer)
    assert "pictures of a letter 2…2" in words(answer)
    assert [(sample.letter, len(sample.pictures)) for sample in answer.context["found"].samples] == [
        ("А", 2),
        ("П", 2),
        ("Я", 2),
    ]
    assert answer.content.decode().count('src="data:image/png;base64,') == 6


def test_the_report_tells_what_was_assumed(admin_client: Client, tmp_path: Path) -> None:
    page = uploaded(admin_client, numbered(tmp_path, 1, 33).read_bytes())
    admin_client.post(page, PLAIN)
    import_next()

    report = words(admin_client.get(f"/data/{Dataset.objects.get().pk}/"))

    assert "Assumed The numbers of the letters start at 1: 1 is А." in report
    assert "Letters with pictures 33 (А…Я)" in report


@pytest.mark.parametrize("name", ["images.npy", "letters.npy"])
def test_a_header_with_an_open_bracket_is_refused_in_words(name: str, admin_client: Client, tmp_path: Path) -> None:
    header = b"\x93NUMPY\x01\0\x08\0{('a': ["
    path = making.write_zip(tmp_path / "a.zip", {name: header, "labels.npy": header})

    answer = admin_client.get(uploaded(admin_client, path.read_bytes()))

    assert answer.status_code == 400
    assert f"The array {name} cannot be used" in words(answer) or "No known letters" in words(answer)


@pytest.mark.parametrize("name", ["pixels.csv", "pixels.csv.gz"])
def test_a_csv_of_pixels_can_be_uploaded_as_it_is(name: str, admin_client: Client) -> None:
    rows = [[str(label), *(str(value) for value in np.arange(64) % 7 * 40)] for label in range(3)]
    data = "\n".join(map(",".join, rows)).encode()

    answer = admin_client.get(uploaded(admin_client, gzip.compress(data) if name.endswith("gz") else data, name))

    assert answer.context["found"].layout == "pixels"
    assert answer.context["found"].pictures == 3
