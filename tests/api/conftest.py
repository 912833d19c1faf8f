"""A started web server, and Node, for those who call the API."""

import json
import re
import shutil
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from tests import prepared
from tests.product import ROOT, Product, embedded

RATES = re.findall(r'env\.str\("(PROPIS_\w+_RATE)"', (ROOT / "hwrsite" / "settings.py").read_text("utf-8"))
"""The settings that say how often an address may ask."""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A product whose web server runs, and tells nobody to slow down."""
    folder = tmp_path_factory.mktemp("api")
    shutil.copytree(prepared.product(), folder, dirs_exist_ok=True)
    # Who calls may think for a while on a busy machine: a connection that it comes back to is still open.
    patient = dict.fromkeys(RATES, "1000000/s") | {"PROPIS_PATIENCE": "20"}
    made = Product(folder, embedded(folder) | patient)
    try:
        made.start("--only", "web")
        yield made
    finally:
        made.kill()


@pytest.fixture(scope="session")
def description(site: Product, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the API's description, as the server gives it."""
    file = tmp_path_factory.mktemp("description") / "openapi.json"
    with urllib.request.urlopen(f"{site.url}/api/openapi.json", timeout=900) as answer:
        file.write_text(json.dumps(json.load(answer)), encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def environment(site: Product) -> dict[str, str]:
    """The environment with the programs of this Python first, node and npm among them."""
    return site.environment | {"PATH": f"{Path(sys.executable).parent}:{site.environment['PATH']}"}


@pytest.fixture(scope="session")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A picture file of a letter, 278×278 pixels."""
    file = tmp_path_factory.mktemp("picture") / "letter.png"
    image = Image.new("L", (278, 278), 255)
    ImageDraw.Draw(image).line(((60, 60), (60, 220), (180, 220)), fill=0, width=14)
    image.save(file)
    return file
