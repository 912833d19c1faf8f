"""The lesson of docs/class-data.md as one walk: sheets printed, photographed, reviewed, trained on, in service.

The pages are asked as a browser asks them; `tests/browser/test_paper_sheets.py` clicks through them.
"""

import json
import re
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from accounts.models import User
from benchmarks.paper.filled_sheets import fill_in, printed
from benchmarks.paper.photographs import photograph
from recognizer import active_model
from recognizer.core.alphabet import RUSSIAN
from recognizer.models import StoredModel
from tests.recognizer.pages import made
from training.datasets.models import Dataset
from training.datasets.tasks import import_next
from training.paper import cells
from training.paper.models import PaperReading
from training.paper.tasks import read_next

WRITERS = 3


def told(*words: Any, **options: Any) -> Any:
    out = StringIO()
    call_command(*words, stdout=out, **options)
    return json.loads(out.getvalue()) if "--json" in words else out.getvalue()


def numbers_on(pdf: bytes) -> list[int]:
    """The writers of a PDF of sheets; each page looks as `printed` says, which is what is filled in."""
    numbers = []
    with pypdfium2.PdfDocument(pdf) as document:
        assert len(document) == WRITERS
        for page in document:
            [number] = re.findall(r"\d{3}-\d{3}", page.get_textpage().get_text_range())
            numbers.append(int(number.replace("-", "")))
            seen = page.render(scale=2000 / page.get_width(), grayscale=True).to_numpy()
            expected = printed(numbers[-1])
            assert np.abs(seen.reshape(expected.shape).astype(int) - expected).mean() < 1
    return numbers


def taken(numbers: list[int]) -> list[SimpleUploadedFile]:
    """A photograph of each writer's first sheet, filled in."""
    letters = [picture for picture in made.letters(RUSSIAN) for _copy in range(3)]
    files = []
    for seed, number in enumerate(numbers):
        rng = np.random.default_rng(seed)
        data = photograph(fill_in(letters, rng, writer=number).greys, rng).data
        files.append(SimpleUploadedFile(f"{seed}.jpg", data))
    return files


@pytest.mark.django_db(transaction=True)
@pytest.mark.processor_seconds(300)
def test_a_class_makes_its_own_data(client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client.force_login(User.objects.create_superuser("teacher"))
    chosen: dict[str, Any] = {"writers": WRITERS, "letters": RUSSIAN, "copies": 3, "pages": "0"}
    sheets = client.get("/data/paper/sheets.pdf", chosen)
    numbers = numbers_on(sheets.content)

    client.post("/data/paper/", {"purpose": "sheets", "scans": taken(numbers)})
    read_next()
    reading = PaperReading.objects.get()
    every = list(cells.cells_of(cells.sheet_rows(reading)))
    assert {int(cell.writer.replace("-", "")) for cell in every} == set(numbers)
    assert len(every) > WRITERS * 99 * 0.85

    review = f"/data/paper/{reading.pk}/review/"
    client.post(f"{review}decide/", {"do": "reject", "picture": every[0].number})
    for letter in RUSSIAN:
        client.post(f"{review}decide/", {"do": f"accept-letter:{letter}"})
    confirm = client.post(f"{review}import/")["Location"]
    form = client.get(confirm).context["form"]
    fields = {each.html_name: each.value() for each in form if each.value() is not None}
    client.post(confirm, fields | {"name": "our class", "do": "import"})
    import_next()
    dataset = Dataset.objects.get(name="our class")
    assert (dataset.letters, dataset.report["letters"]) == (RUSSIAN, len(every) - 1)
    assert dataset.report["writers"]

    run = told("train", "--dataset", "our class", "--preset", "small", "--epochs", "8", "--json")
    assert run["state"] == "succeeded"
    monkeypatch.setattr(active_model, "_current", active_model._Current())
    model = StoredModel.objects.latest("pk")
    client.post(f"/models/{model.pk}/put-in-service/")
    assert StoredModel.objects.get(is_active=True).pk == model.pk
    drawn = SimpleUploadedFile("letter.png", made.png(made.letters(RUSSIAN)[0]))
    answer = client.post("/api/recognize/image", {"image": drawn}).json()
    assert answer["model"]["name"] == model.name
    assert answer["letter"] in RUSSIAN
