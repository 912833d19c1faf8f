"""Published drawings: what was accepted and agreed to, and nothing else; withdrawn ones are not in the next archive."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from recognizer.donations import review
from recognizer.models import Drawing, Licence, Review
from recognizer.stroke_pictures import to_png
from training.datasets import services, tasks
from training.datasets.imports.pipeline import import_archive
from training.datasets.models import Publication, PublishedDrawings
from training.datasets.storage import donated as storage
from training.jobs.models import State

pytestmark = pytest.mark.django_db(transaction=True)
CODE = hashlib.sha256(b"code").hexdigest()


def donated(letter: str, *, licence: str = Licence.CC0, state: str = Review.ACCEPTED, number: int = 0) -> Drawing:
    strokes = [[[310.5, 40, 0], [360, 100 + 9 * number, 12.4]], [[350.5, 40, 90], [300.25, 140, 130]]]
    return Drawing.objects.create(
        strokes=strokes, claimed="Ъ", letter=letter, predicted="Ъ", best=[["Ъ", 1]], ink_specification="moments-1",
        model_name="my model", code_sha256=CODE, state=state, licence=licence,
        consented_at=timezone.now() - timedelta(days=400),
    )  # fmt: skip


def published(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    call_command("publish_drawings", "--json", *arguments)
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def downloaded(client: Client) -> zipfile.ZipFile:
    answer = client.get("/data/drawings/archive.zip")
    assert answer.status_code == 200
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]


def test_what_was_accepted_and_agreed_to_is_there_and_comes_back(
    client: Client, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    kept = [donated("Ж" if number < 10 else "Ё", number=number) for number in range(20)]
    donated("Ж")  # drawn as another was
    donated("А", licence=Licence.NONE)
    donated("А", state=Review.PENDING)
    donated("А", state=Review.REJECTED)

    said = published(capsys)

    archive = downloaded(client)
    assert said["drawings"] == len(kept)
    assert archive.read("letters.txt").decode() == "ЁЖ"
    assert b"CC0 1.0 Universal" in archive.read("LICENSE")
    assert f"version {said['version']}" in archive.read("README.md").decode()
    assert "Ё 10, Ж 10" in archive.read("README.md").decode()
    records = [json.loads(line) for line in archive.read("strokes.jsonl").splitlines()]
    assert [record["name"] for record in records] == ["Ё"] * 10 + ["Ж"] * 10
    assert set(records[0]) == {"name", "file", "points"}
    assert records[0]["points"][0] == {"stroke": 0, "x": 10.25, "y": 0, "t": 0}
    assert [record["file"] for record in records] == archive.namelist()[3:-1]
    assert to_png(kept[0].strokes) in [archive.read(record["file"]) for record in records]
    words = "".join(archive.read(name).decode() for name in archive.namelist() if not name.endswith(".png"))
    for secret in (CODE, "my model", "moments-1", "Ъ"):
        assert secret not in words, "the letters that were claimed and read, too"
    assert {info.date_time[0] for info in archive.infolist()} == {1980}

    copy = Path(tmp_path, "drawings.zip")
    copy.write_bytes(Path(said["file"]).read_bytes())
    dataset = import_archive(copy, name="drawings")
    assert (dataset.letters, dataset.pictures, dataset.report["skipped"]) == ("ЁЖ", len(kept), 0)


def test_a_withdrawn_drawing_is_not_in_the_next_archive(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = donated("Ж"), donated("Я", number=1)
    before = published(capsys)
    assert published(capsys) == before, "the same drawings are the same version"
    second.delete()

    after = published(capsys)

    assert after["version"] != before["version"]
    assert not Path(before["file"]).exists()
    assert PublishedDrawings.objects.count() == 1
    assert downloaded(client).read("letters.txt").decode() == first.letter


def work() -> None:
    """Do what waits, as a worker does."""
    tasks.publish_next.run()


@pytest.mark.parametrize(
    "withdraw",
    [
        lambda drawing, _admin: drawing.delete(),
        lambda drawing, _admin: review.decide([drawing.pk], review.REJECT),
        lambda drawing, _admin: review.decide([drawing.pk], review.RELABEL, "Ю"),
        lambda drawing, admin: admin.post(
            "/admin/recognizer/drawing/", {"action": "wait_again", "_selected_action": [drawing.pk]}
        ),
        lambda drawing, _admin: Drawing(pk=drawing.pk, **given(drawing, letter="Ю")).save(),
    ],
    ids=["deleted", "rejected", "relabelled", "put back in the admin", "relabelled in the admin's list"],
)
def test_a_withdrawn_drawing_is_given_to_nobody_and_the_archive_made_again_by_itself(
    client: Client, admin_client: Client, capsys: pytest.CaptureFixture[str], withdraw: Callable[[Drawing, Client], Any]
) -> None:
    donated("Ж")
    second = donated("Я", number=1)
    before = published(capsys)
    review.decide([donated("Э", state=Review.PENDING, number=2).pk], review.ACCEPT)
    assert not Publication.objects.exists(), "more to publish is no reason to publish"

    withdraw(second, admin_client)

    refused = client.get("/data/drawings/archive.zip")
    assert refused.status_code == 503
    assert "being made again" in refused.content.decode()
    assert "archive.zip" not in client.get("/data/drawings/").text
    work()
    assert Publication.objects.get().state == State.SUCCEEDED
    assert set(downloaded(client).read("letters.txt").decode()) == set("ЖЭ") | set(accepted_letter(second))
    assert not Path(before["file"]).exists()


def given(drawing: Drawing, **changed: Any) -> dict[str, Any]:
    return {field.attname: getattr(drawing, field.attname) for field in drawing._meta.fields[1:]} | changed


def accepted_letter(drawing: Drawing) -> str:
    row = Drawing.objects.filter(pk=drawing.pk, state=Review.ACCEPTED).first()
    return row.letter if row else ""


def test_the_last_withdrawn_drawing_ends_the_publication(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    drawing = donated("Ж")
    said = published(capsys)
    drawing.delete()
    work()
    job = Publication.objects.get()
    assert (job.state, job.drawings) == (State.SUCCEEDED, 0)
    assert client.get("/data/drawings/").status_code == 404
    assert not Path(said["file"]).exists()


def test_one_withdrawn_while_the_archive_is_made_has_it_made_again(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    donated("Ж")
    second = donated("Я", number=1)
    record = services.record_publication

    def withdrawn_just_before(row: PublishedDrawings) -> PublishedDrawings:
        monkeypatch.setattr(services, "record_publication", record)
        second.delete()
        return record(row)

    monkeypatch.setattr(services, "record_publication", withdrawn_just_before)
    published(capsys)
    assert PublishedDrawings.objects.get().outdated
    work()
    assert (PublishedDrawings.objects.get().drawings, PublishedDrawings.objects.get().outdated) == (1, False)


def test_one_withdrawn_while_it_is_made_again_has_it_begun_anew(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    donated("Ж")
    second, third = donated("Я", number=1), donated("Ю", number=2)
    published(capsys)
    second.delete()

    def withdrawn_meanwhile(strokes: Any) -> bytes:
        Drawing.objects.filter(pk=third.pk).delete()
        return to_png(strokes)

    monkeypatch.setattr(storage, "to_png", withdrawn_meanwhile)
    monkeypatch.setattr(storage, "BATCH", 1)
    work()
    assert Publication.objects.get().state == State.SUCCEEDED
    assert (PublishedDrawings.objects.get().letters, PublishedDrawings.objects.get().outdated) == ("Ж", False)


def test_a_person_publishes_in_the_admin_and_ends_it(client: Client, admin_client: Client) -> None:
    jobs = "/admin/datasets/publication/"
    donated("Ж")
    assert "1 drawing that was accepted" in admin_client.get(f"{jobs}add/").text
    assert admin_client.post(f"{jobs}add/").status_code == 302
    work()
    assert downloaded(client).read("letters.txt").decode() == "Ж"
    assert admin_client.get("/admin/datasets/publisheddrawings/add/").headers["Location"] == f"{jobs}add/"

    key = PublishedDrawings.objects.get().pk
    admin_client.post(f"/admin/datasets/publisheddrawings/{key}/delete/", {"post": "yes"})
    assert client.get("/data/drawings/").status_code == 404


def test_a_publication_of_nothing_says_so(admin_client: Client) -> None:
    admin_client.post("/admin/datasets/publication/add/")
    work()
    job = Publication.objects.get()
    assert job.state == State.FAILED
    assert "no accepted drawing" in job.error


def test_visitors_find_it_where_there_is_one_and_not_after_it_was_stopped(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CommandError, match="no accepted drawing whose donor agreed"):
        call_command("publish_drawings")
    assert "/data/drawings/" not in client.get("/data/").text
    assert client.get("/data/drawings/").status_code == 404
    donated("Ж")
    said = published(capsys)

    assert "/data/drawings/" in client.get("/data/").text
    page = client.get("/data/drawings/").text
    assert said["version"] in page
    assert "CC0 1.0" in page
    named = client.get("/data/drawings/archive.zip")["Content-Disposition"]
    assert f"propis-drawings-{said['version']}.zip" in named

    assert published(capsys, "--stop") == {"drawings": 0}
    assert not Path(said["file"]).exists()
    assert client.get("/data/drawings/archive.zip").status_code == 404
