"""From an archive to a letter read by a new model, by commands and addresses, on PostgreSQL and Redis."""

import json
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from tests.product import Product, wait_until
from training.datasets import synthesis

PER_LETTER = 20


def read_letter(product: Product) -> dict[str, Any]:
    """What the API says of a drawing."""
    body = json.dumps({"strokes": [[[10, 90], [50, 10], [90, 90]], [[30, 60], [70, 60]]]}).encode()
    request = urllib.request.Request(f"{product.url}/api/recognize", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=900) as answer:
        reading: dict[str, Any] = json.load(answer)
    return reading


@pytest.mark.processor_seconds(900)
def test_the_whole_path(product: Product, tmp_path: Path) -> None:
    archive = tmp_path / "letters.zip"
    synthesis.make_archive(archive, per_letter=PER_LETTER, seed=1)
    imported = product.call_json("import_dataset", str(archive), "--name", "few")
    assert imported["letters"] == 33 * PER_LETTER

    small = ["--set", "hidden_layers=16", "--set", "batch_size=16", "--epochs", "4", "--seed", "5"]
    queued = product.call_json("train", "--dataset", "few", *small, "--queue", "--name", "queued")
    here = product.call_json("train", "--dataset", "few", *small, "--name", "here")
    assert queued["state"] == here["state"] == "succeeded"
    assert queued["weights_sha256"] == here["weights_sha256"]

    before = read_letter(product)["model"]["name"]
    product.run(ACTIVATE).check_returncode()
    wait_until(lambda: read_letter(product)["model"]["name"] == "queued")
    assert before != read_letter(product)["model"]["name"] == "queued"

    scored = product.call_json("evaluate", str(archive), "--model", "queued")
    assert scored["images"] == 33 * PER_LETTER
    picture = tmp_path / "letter.png"
    image = Image.new("L", (80, 80), 255)
    ImageDraw.Draw(image).line((20, 20, 20, 60), fill=0, width=5)
    image.save(picture)
    assert "letter" in json.dumps(product.call_json("recognize", str(picture), "--model", "queued"))
    assert "Traceback" not in product.output()


ACTIVATE = """
from recognizer import services
from recognizer.models import StoredModel
services.activate(StoredModel.objects.get(name="queued"))
"""
