"""What takes room: every byte is somebody's, by a fixed number of queries."""

import json
from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from keeping.disk_use import rooms
from recognizer.models import StoredModel
from tests.keeping.conftest import write
from training.datasets.models import Dataset
from training.paper.models import PaperReading
from training.runs.models import Run


def test_each_thing_has_its_bytes_and_what_can_go_is_offered(installed: Path) -> None:
    dataset, model, run = Dataset.objects.order_by("pk")[0], StoredModel.objects.all()[0], Run.objects.get(pk=2)
    write(installed, f"models/{model.file_sha256}.npz", bytes(700_000))
    write(installed, f"datasets/{dataset.pk}/exports/csv.zip", bytes(300_000))
    reading = PaperReading.objects.create(name="scans")
    write(installed, f"paper/{reading.pk}/scans/page.png", bytes(200_000))
    write(installed, "set-aside/20261129-010203/models/a.npz", bytes(500_000))

    with CaptureQueriesContext(
        connection,
    ) as queries:
        found = {(room.kind, room.name): room for room in rooms()}

    assert len(queries) <= 6
    assert found["model", model.name].size == 700_000
    assert found["data set", dataset.name].size == len(b"pictures" * 5000) + 20_000
    assert found["run", f"2: {run.name}"].size == len(b"parameters")
    assert found["reading", f"{reading.pk}: scans"].size == 200_000
    assert found["spare", "exports of data sets"].size == 300_000
    assert found["spare", "set-aside"].size == 500_000
    assert all(room.remedy for room in found.values() if room.kind in ("spare", "backups"))
    assert found["rest", "files without a row"].size == len(b"weights")


def test_the_command_lists_the_largest_first(installed: Path) -> None:
    output = StringIO()
    call_command("disk_use", "--json", stdout=output)
    answer = json.loads(output.getvalue())
    sizes = [room["size"] for room in answer["rooms"]]
    assert sizes == sorted(sizes, reverse=True)
    assert sum(answer["sums"].values()) == sum(sizes)
    words = StringIO()
    call_command("disk_use", stdout=words)
    assert "MB are free" in words.getvalue()
    assert "data set: letters 0" in words.getvalue()
