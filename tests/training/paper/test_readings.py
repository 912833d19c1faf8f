"""Many pages read as a job: what cannot be read has its reason, a killed worker's pages stay, results are whole."""

import csv
import io
import json
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from PIL import Image

from accounts.models import User
from benchmarks.paper.filled_sheets import fill_in
from recognizer.core.alphabet import RUSSIAN
from recognizer.pages import scans
from recognizer.pages.errors import PageError
from tests.recognizer.pages import made
from training.datasets.models import DatasetImport
from training.jobs import lifecycle
from training.jobs.models import State
from training.jobs.worker.work_loop import StoppedError, work_next
from training.paper import cells, execution, services
from training.paper.models import PaperReading, ReadingPurpose, root
from training.paper.rows import PageRows, each_row

pytestmark = pytest.mark.django_db
WRITER = 123_456
QUERIES_OF_REVIEW = 3
"""However many letters there are: the session, the user, the reading."""


@cache
def page() -> bytes:
    return made.png(np.asarray(Image.fromarray(made.sheet().greys).resize((1000, 1414)), np.uint8))


@cache
def filled() -> bytes:
    letters = tuple(picture for picture in made.letters(RUSSIAN) for _copy in range(3))
    return made.png(fill_in(letters, np.random.default_rng(2), writer=WRITER, page=0).greys)


@cache
def pdf() -> bytes:
    file = io.BytesIO()
    pages = [Image.open(io.BytesIO(page())), Image.new("L", (600, 800), 255)]
    pages[0].save(file, "PDF", save_all=True, append_images=pages[1:])
    return file.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


def upload(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def done(reading: PaperReading) -> PaperReading:
    assert work_next(PaperReading, execution.execute)
    reading.refresh_from_db()
    assert reading.state == State.SUCCEEDED, reading.error
    return reading


@pytest.fixture
def teacher(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("teacher"))
    return client


def test_pages_of_a_zip_and_a_pdf_become_csv_and_json_and_a_bad_one_stops_no_other(teacher: Client) -> None:
    archive = zipped({"scans/a": page(), "scans/b": b"no picture", "__MACOSX/a": b"x"})
    response = teacher.post(
        "/data/paper/", {"purpose": "pages", "scans": [upload("c.zip", archive), upload("d.pdf", pdf())]}
    )
    reading = PaperReading.objects.get()
    assert response["Location"] == reading.get_absolute_url()
    assert "hx-get" in teacher.get(response["Location"]).content.decode()
    done(reading)
    assert reading.counts == {"pages": 2, "unread": 2, "letters": 2 * len(made.TEXT)}
    assert not reading.scans.exists()
    shown = teacher.get(reading.get_absolute_url()).content.decode()
    assert "not a picture or PDF" in shown
    pages = json.loads(teacher.get(f"/data/paper/{reading.pk}/result/json/").content)["pages"]
    assert [(each["file"], each["page"], "error" in each) for each in pages] == [
        ("c.zip/scans/a", 1, False), ("c.zip/scans/b", 1, True), ("d.pdf", 1, False), ("d.pdf", 2, True),
    ]  # fmt: skip
    table = list(csv.DictReader(io.StringIO(teacher.get(f"/data/paper/{reading.pk}/result/csv/").content.decode())))
    letters = [row for row in table if not row["error"]]
    assert len(letters) == reading.counts["letters"]
    assert all(0 < float(row["probability"]) <= 1 and float(row["width"]) > 0 for row in letters)
    assert teacher.get(f"/data/paper/{reading.pk}/result/xml/").status_code == 404
    folder = reading.folder
    reading.delete()
    assert folder.exists()  # until the deletion is committed, which a test's never is


def test_a_killed_worker_s_pages_are_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    reading = services.order(
        ReadingPurpose.PAGES, [upload("a.png", page()), upload("b.png", page()), upload("a.png", page())]
    )
    read: list[str] = []
    genuine = execution.page_row

    def counted(opened: Any, model: Any) -> Any:
        if len(read) == 1:
            read.append("killed")
            raise StoppedError
        read.append("read")
        return genuine(opened, model)

    monkeypatch.setattr(execution, "page_row", counted)
    work_next(PaperReading, execution.execute)
    with (reading.folder / "rows-0001.jsonl").open("a") as file:
        file.write('{"file": "b.png", "pa')  # a line that was being written
    reading.refresh_from_db()
    assert reading.state == State.QUEUED
    done(reading)
    assert read == ["read", "killed", "read", "read"]
    assert [row["file"] for row in each_row(reading.folder)] == ["3-a.png", "a.png", "b.png"]


def test_what_is_no_stack_of_scans_is_refused_in_words(
    teacher: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*files: SimpleUploadedFile, purpose: str = "pages") -> str:
        answer = teacher.post("/data/paper/", {"purpose": purpose, "scans": list(files)})
        assert answer.status_code == 400
        assert not PaperReading.objects.exists()
        return answer.content.decode()

    assert "This field is required" in refused()
    assert "no file to be read" in refused(upload("a.zip", zipped({})))
    assert "not one of the available choices" in refused(upload("a.png", page()), purpose="poems")
    with monkeypatch.context() as patch:
        patch.setattr(scans, "MOST_FILES", 1)
        assert "At most 1 files" in refused(upload("a.png", page()), upload("b.png", page()))
    settings.PROPIS_LIMITS = settings.PROPIS_LIMITS | {"scans_bytes": 2**20}
    assert "larger than 1 MB together" in refused(upload("a.pdf", bytes(2**20 + 1)))
    packed = scans.find_files(_written(zipped({"bomb": bytes(2**21)})))
    [bomb] = scans.each_scan(packed)
    with pytest.raises(PageError, match="larger than 1 MB"):
        bomb.read(lambda page: page)
    monkeypatch.setattr(scans, "MOST_PAGES", 1)
    [_first, rest] = scans.each_scan(scans.find_files(_written(pdf(), "two.pdf")))
    with pytest.raises(PageError, match="At most 1 pages"):
        rest.read(lambda page: page)


def _written(data: bytes, name: str = "x.zip") -> Path:
    path: Path = root() / name
    path.write_bytes(data)
    return path


def test_where_the_scans_are_gone_the_job_ends_in_words() -> None:
    reading = services.order(ReadingPurpose.PAGES, [upload("a.png", page())])
    (reading.scans / "a.png").unlink()
    reading.scans.rmdir()
    work_next(PaperReading, execution.execute)
    reading.refresh_from_db()
    assert (reading.state, str(reading.error)) == (State.FAILED, "The scans are no longer here: send them once more.")
    assert lifecycle.request_cancel(reading) is False


def test_letters_of_sheets_are_reviewed_and_only_what_is_confirmed_is_imported(teacher: Client) -> None:
    teacher.post("/data/paper/", {"purpose": "sheets", "scans": [upload("s.png", filled()), upload("n.png", page())]})
    reading = done(PaperReading.objects.get())
    assert (reading.counts["pages"], reading.counts["unread"]) == (1, 1)
    review, decide = f"/data/paper/{reading.pk}/review/", f"/data/paper/{reading.pk}/review/decide/"
    every = list(cells.cells_of(cells.sheet_rows(reading)))
    shown = teacher.get(review)
    assert shown.content.decode().count('class="tile"') == len(every) == reading.counts["letters"]
    [(sheet, width, height)] = shown.context["sheets"]
    picture = Image.open(io.BytesIO(teacher.get(f"{review}sheet/{sheet.number}/").content))
    assert picture.size == (width, height)
    assert "No letter is confirmed" in teacher.post(f"{review}import/", follow=True).content.decode()

    def decided(**fields: Any) -> Any:
        return teacher.post(decide, fields, headers={"Accept": "application/json"}).json()

    first = [cell.number for cell in every if cell.letter == "А"]
    assert decided(do="reject", picture=first[0]) == {
        "decisions": {str(first[0]): {"action": "reject", "words": "removed"}}
    }
    assert decided(do="relabel", letter="д", picture=first[1])["decisions"][str(first[1])]["words"] == "now Д"
    assert len(decided(do="accept-letter:Б")["decisions"]) == sum(cell.letter == "Б" for cell in every)
    assert len(decided(do="undo")["decisions"]) == sum(cell.letter == "Б" for cell in every)
    wrong: list[dict[str, Any]] = [
        {"do": "burn"},
        {"do": "accept"},
        {"do": "accept", "picture": 10**6},
        {"do": "accept", "picture": "x"},
        {"do": "relabel", "letter": "Q", "picture": 1},
    ]
    for fields in wrong:
        assert "error" in decided(**fields)
    teacher.post(decide, {"do": "accept", "all": "1"})

    answer = teacher.post(f"{review}import/")
    assert answer["Location"].startswith("/data/imports/new/")
    found = teacher.get(answer["Location"]).context["found"]
    assert found.pictures == len(every) - 1
    assert found.counts["Д"] == sum(cell.letter == "Д" for cell in every) + 1
    assert found.writers == 1
    assert not DatasetImport.objects.exists()


@pytest.mark.parametrize("sheets", [9, 51])
def test_a_review_of_many_letters_shows_one_after_the_other(
    teacher: Client, sheets: int, django_assert_num_queries: Any
) -> None:
    """51 sheets are 5,049 letters: as many as a class writes in a lesson."""
    reading = PaperReading.objects.create(name="class", purpose=ReadingPurpose.SHEETS, state=State.SUCCEEDED)
    reading.folder.mkdir()
    written = [(letter, copy, letter) for letter in RUSSIAN for copy in range(3)]
    rows = PageRows(reading.folder, 1)
    picture = cells.tiled([np.full((60, 70), 255, np.uint8)] * len(written))
    for number in range(sheets):
        (reading.folder / cells.sheet_name(number)).write_bytes(picture)
        rows.add({"file": f"{number}.jpg", "page": 1, "pages": 1, "writer": f"{number:03d}", "sheet_page": 1,
                  "sheet": number, "width": 70, "height": 60, "cells": written})  # fmt: skip
    PaperReading.objects.filter(pk=reading.pk).update(counts={"pages": sheets, "letters": sheets * len(written)})
    address = f"/data/paper/{reading.pk}/review/"
    teacher.get(address)  # (what a process asks once)
    with django_assert_num_queries(QUERIES_OF_REVIEW):
        page = teacher.get(f"{address}?letter=Ж").content.decode()
    assert page.count('class="tile"') == 3 * sheets
    assert len(page) < 300_000
    assert 'href="?letter=%D0%97"' in page
    decide = f"{address}decide/?letter=Ж"
    assert teacher.post(decide, {"do": "accept-letter:Ж"})["Location"] == f"{address}?letter=%D0%96"
    with django_assert_num_queries(QUERIES_OF_REVIEW):
        teacher.get(f"{address}?letter=Ж")
    reading.refresh_from_db()  # nothing waits for the end of the review
    assert len(cells.held(reading)) == 3 * sheets
    teacher.post(decide, {"do": "accept", "all": "1"})
    found = teacher.get(teacher.post(f"{address}import/")["Location"]).context["found"]
    assert (found.pictures, found.writers) == (sheets * len(written), sheets)


def test_sheets_are_made_by_a_form(teacher: Client) -> None:
    chosen: dict[str, Any] = {"writers": 2, "letters": "жа", "copies": 1, "pages": "1"}
    page = teacher.get("/data/paper/sheets.pdf", chosen)
    with pypdfium2.PdfDocument(page.content) as document:
        assert len(document) == 2
        words = document[0].get_textpage().get_text_range().split()
    assert [word for word in words if word in RUSSIAN.lower()] == ["а", "ж"]
    wrongs: list[dict[str, Any]] = [{"writers": 0}, {"letters": "Q"}, {"copies": 9}, {"pages": "7"}]
    for wrong in wrongs:
        assert teacher.get("/data/paper/sheets.pdf", chosen | wrong).status_code == 400


def test_the_command_reads_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "scans"
    folder.mkdir()
    (folder / "=a.png").write_bytes(page())
    (folder / "b.png").write_bytes(b"none")
    out, said = io.StringIO(), io.StringIO()
    target = tmp_path / "all.csv"
    call_command("read_pages", str(folder), "--output", str(target), "--json", stdout=out, stderr=said)
    assert json.loads(out.getvalue()) == {
        "pages": 1, "unread": 1, "letters": len(made.TEXT), "output": str(target),
    }  # fmt: skip
    assert "b.png, page 1: This is not a picture" in said.getvalue()
    assert target.read_text().splitlines()[1].startswith("'=a.png,1,1,")
    for path, output, words in ((folder / "none", "x.csv", "No such file"), (folder, "x.txt", "csv or .json"),
                                (folder, "no/x.csv", "no/x.csv: the folder .*/no does not exist"),
                                (folder / "b.png", "x.json", "No page could be read")):  # fmt: skip
        with pytest.raises(CommandError, match=words):
            call_command("read_pages", str(path), "--output", str(tmp_path / output), stdout=out, stderr=said)
