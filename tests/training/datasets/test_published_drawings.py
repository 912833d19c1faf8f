"""Published drawings: what was accepted and agreed to, and nothing else; withdrawn ones are not in the next archive."""

import hashlib
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from recognizer.models import Drawing, Licence, Review
from recognizer.stroke_pictures import to_png
from training.datasets.imports.pipeline import import_archive
from training.datasets.models import PublishedDrawings

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
