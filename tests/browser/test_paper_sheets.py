"""Collection sheets on the web: printed, photographed (made), read by a worker, reviewed by keys, imported."""

import numpy as np
import pypdfium2
import pytest
from playwright.sync_api import FilePayload, Page, expect

from benchmarks.paper.filled_sheets import fill_in
from benchmarks.paper.photographs import photograph
from recognizer.core.alphabet import RUSSIAN
from tests.browser.test_axe import violations
from tests.product import Product
from tests.recognizer.pages import made
from tests.walk import sign_in

WRITER = 654_321


@pytest.mark.xdist_group("shared product")
@pytest.mark.processor_seconds(600)  # a product is started
def test_a_sheet_becomes_a_data_set_once_its_letters_are_looked_at(page: Page, shared_product: Product) -> None:
    sign_in(page, shared_product)
    page.goto(f"{shared_product.url}/data/paper/")
    faults = violations(page)
    page.locator("#sheets-writers").fill("2")
    with page.expect_download() as download:
        page.get_by_role("button", name="Make the PDF").click()
    with pypdfium2.PdfDocument(download.value.path()) as document:
        assert len(document) == 4

    letters = [picture for picture in made.letters(RUSSIAN) for _copy in range(3)]
    rng = np.random.default_rng(5)
    taken = photograph(fill_in(letters, rng, writer=WRITER).greys, rng)
    page.set_input_files(
        "form[aria-labelledby=sheets] input[type=file]",
        [
            FilePayload(name="class of paper.jpg", mimeType="image/jpeg", buffer=taken.data),
            FilePayload(name="cat.png", mimeType="image/png", buffer=made.png(made.sheet().greys)),
        ],
    )
    page.locator("form[aria-labelledby=sheets] button").click()
    expect(page.locator("[data-state=succeeded]")).to_be_visible()
    expect(page.locator("#progress")).to_contain_text("No collection sheet is seen")
    page.get_by_role("link", name="Look at the letters").click()
    page.wait_for_selector("#review[data-listening]")
    tiles = page.locator(".tile")
    count = tiles.count()
    assert 80 < count <= 99
    faults += violations(page)
    assert faults == []

    page.keyboard.press("Delete")
    expect(tiles.nth(0)).to_have_attribute("data-action", "reject")
    page.keyboard.press("l")  # where a Russian keyboard has Д
    expect(tiles.nth(1)).to_have_attribute("data-action", "relabel")
    page.get_by_role("button", name="The rest is А").click()
    expect(page.locator(".tile[data-action=accept]").first).to_be_visible()
    page.locator("[name=all]").check()
    page.locator("[name=do][value=accept]").click()
    expect(page.locator(".tile[data-action=accept]")).to_have_count(count - 2)
    page.get_by_role("button", name="Import as data set").click()
    expect(page.locator("h1")).to_have_text("What was found")
    expect(page.locator("dl.figures")).to_contain_text(str(count - 1))
    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_role("link", name="Open the data set").click()
    expect(page.locator("h1")).to_have_text("class of paper")
