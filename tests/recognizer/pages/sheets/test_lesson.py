"""The lesson of docs/class-data.md: sheets printed, photographed, read, imported, trained on, the model in service."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import call_command

from benchmarks.paper.filled_sheets import fill_in
from benchmarks.paper.photographs import photograph
from recognizer import active_model, services
from recognizer.core.alphabet import RUSSIAN
from recognizer.models import StoredModel
from recognizer.recognition import recognize_picture
from tests.recognizer.pages import made
from training.datasets.models import Dataset


def told(*words: Any, **options: Any) -> Any:
    out = StringIO()
    call_command(*words, stdout=out, **options)
    return json.loads(out.getvalue()) if "--json" in words else out.getvalue()


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(300)
def test_a_class_makes_its_own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    printed = told("print_sheets", "--writers", "3", "--output", str(tmp_path / "sheets.pdf"))
    assert (tmp_path / "sheets.pdf").read_bytes().startswith(b"%PDF-")
    numbers = [int(each.strip().replace("-", "")) for each in printed.split("sheets of ")[1].split(",")]
    letters = [picture for picture in made.letters(RUSSIAN) for _copy in range(3)]
    photographs = []
    for seed, number in enumerate(numbers):
        rng = np.random.default_rng(seed)
        photographs.append(tmp_path / f"{seed}.jpg")
        photographs[-1].write_bytes(photograph(fill_in(letters, rng, writer=number).greys, rng).data)

    read = told("read_sheets", *map(str, photographs), "--output", str(tmp_path / "class.zip"), "--json")
    assert [each["writer"].replace("-", "") for each in read["sheets"]] == [f"{each:06d}" for each in numbers]
    written = sum(each["boxes"]["written"] for each in read["sheets"])
    assert written > 3 * 99 * 0.85

    told("import_dataset", str(tmp_path / "class.zip"), "--name", "our class", "--json")
    dataset = Dataset.objects.get(name="our class")
    assert dataset.letters == RUSSIAN
    assert dataset.report["writers"]

    run = told("train", "--dataset", "our class", "--preset", "small", "--epochs", "8", "--json")
    assert run["state"] == "succeeded"
    monkeypatch.setattr(active_model, "_current", active_model._Current())
    services.activate(StoredModel.objects.latest("pk"))
    reading = recognize_picture(made.png(letters[0]))
    assert reading.model.pk == StoredModel.objects.get(is_active=True).pk
    assert reading.letter in RUSSIAN
