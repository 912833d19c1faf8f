"""The whole path with a real worker in a process of its own, on SQLite and the file queue."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.product import Product
from tests.walk import MODEL, walk


@pytest.mark.processor_seconds(900)
def test_from_an_archive_to_a_letter_read(page: Page, product: Product, tmp_path: Path) -> None:
    assert walk(page, product, tmp_path) == MODEL
