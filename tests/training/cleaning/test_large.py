"""Pages of a data set of forty thousand pictures: each asks the database little, its pictures are one sheet or two.

How long they take with three times as many is measured by `python -m benchmarks pages`.
"""

import io
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from accounts.models import User
from benchmarks.materials import large_dataset as large
from benchmarks.subjects import pages
from training.cleaning.web.views import ON_A_PAGE
from training.datasets.models import Dataset
from training.datasets.storage.picture_files import Index
from training.datasets.web import sprite_sheets
from training.datasets.web.picture_views import PICTURES_ON_A_PAGE
from training.datasets.web.views import DATASETS_ON_A_PAGE

PICTURES = 40_000
"""The middle and the end of its pages, and of what was found of each kind, are as far away as a page asks for."""
MOST_QUERIES = 30
ADDRESS = re.compile(r"<image [^>]*href=\"([^\"]+)\"|<img [^>]*src=\"([^\"]+)\"")


@pytest.fixture
def dataset(db: None) -> Dataset:
    """The large data set, with findings and decisions, and as many copies of its row as a page of the list has."""
    made = large.make_dataset("large", count=PICTURES)
    large.add_findings(made, Index.load(made.folder))
    copies = [
        Dataset(name=f"other {number}", pictures=1, report=made.report, content_sha256=made.content_sha256)
        for number in range(DATASETS_ON_A_PAGE - 1)
    ]
    Dataset.objects.bulk_create(copies)
    return made


def test_each_page_asks_little_and_takes_its_pictures_from_sheets(
    client: Client, dataset: Dataset, admin_user: User
) -> None:
    client.force_login(admin_user)
    addresses = pages.addresses(dataset.pk, PICTURES)
    first = client.get(addresses["pictures, first page"]).content.decode()
    addresses["sheet of a page of pictures"] = pictures_of(first).pop()
    review = client.get(addresses["review of copies"]).content.decode()
    addresses["sheet of a page of copies"] = pictures_of(review).pop()
    queries = {name: queries_of(client, address) for name, address in addresses.items()}
    assert {name: count for name, count in queries.items() if count > MOST_QUERIES} == {}

    assert (len(pictures_of(first)), first.count('<use href="#sheet"/>')) == (1, PICTURES_ON_A_PAGE)
    assert (len(pictures_of(review)), review.count('<use href="#sheet"/>')) == (1, 2 * ON_A_PAGE)
    assert len(pictures_of(client.get(addresses["data set"]).content.decode())) == 2, "samples and averages"
    sheet = Image.open(io.BytesIO(client.get(addresses["sheet of a page of pictures"]).content))
    rows = PICTURES_ON_A_PAGE // sprite_sheets.COLUMNS
    assert sheet.size == (sprite_sheets.COLUMNS * sprite_sheets.CELL, rows * sprite_sheets.CELL)


def pictures_of(page: str) -> set[str]:
    """Addresses of the pictures that a page asks for."""
    return {href or source for href, source in ADDRESS.findall(page)}


def queries_of(client: Client, address: str) -> int:
    """How many queries an answer takes."""
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    assert len(response.getvalue()) > 0
    assert response.status_code == 200, address
    return len(queries)
