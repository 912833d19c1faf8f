"""The whole path in a browser: sign in, import, train, watch, put in service, draw. One walk for every backing."""

import re
from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.product import ADMIN_PASSWORD, Product
from training.datasets import synthesis

MODEL = "walked"
PER_LETTER = 40
RECIPE = {"hidden_layers": "32", "batch_size": "16", "epochs": "150", "ink_specification": "moments-1"}
LINES = [[(0.3, 0.8), (0.5, 0.2), (0.7, 0.8)], [(0.38, 0.6), (0.62, 0.6)]]
PATIENCE = 900_000  # milliseconds for what a worker does
POLLING = 100  # milliseconds between two looks at a page: it looks at every frame if nothing is said


TO_TRAINING, TO_SERVICE = 2, 2
"""Clicks from a data set to its training, and from the result to the service: they cannot grow."""


class Clicks:
    """Clicks what a person would click, and counts."""

    def __init__(self, page: Page) -> None:
        """None so far."""
        self.page = page
        self.count = 0

    def button(self, name: str) -> None:
        """Click a button, or a link that looks like one, by its words."""
        shown = self.page.locator("a, button, summary").filter(visible=True)
        self._click(shown.filter(has_text=re.compile(f"^\\s*{re.escape(name)}\\s*$")).first)

    def link(self, name: str) -> None:
        """Click a link in the content of the page."""
        self._click(self.page.locator("main").get_by_role("link", name=name, exact=True).first)

    def _click(self, what: Locator) -> None:
        what.click()
        self.count += 1

    def since(self, before: int) -> int:
        """Clicks since there were that many."""
        return self.count - before


def walk(page: Page, product: Product, folder: Path) -> str | None:
    """Walk the path and return the name of the model that reads the last letter; the curve must be seen to grow."""
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    sign_in(page, product)
    assert model_that_reads(page, product) != MODEL
    clicks = Clicks(page)
    import_letters(clicks, product, folder)
    before = clicks.count
    train(clicks)
    assert clicks.since(before) <= TO_TRAINING
    before = clicks.count
    put_in_service(clicks)
    assert clicks.since(before) <= TO_SERVICE
    reader = model_that_reads(page, product)
    assert problems == []
    assert "Traceback" not in product.output()
    return reader


def sign_in(page: Page, product: Product) -> None:
    """Sign in to the admin."""
    page.goto(f"{product.url}/admin/")
    page.fill("[name=username]", "admin")
    page.fill("[name=password]", ADMIN_PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"{product.url}/admin/")


def import_letters(clicks: Clicks, product: Product, folder: Path) -> None:
    """Upload an archive and wait for the data set."""
    archive = folder / "letters.zip"
    synthesis.make_archive(archive, per_letter=PER_LETTER, seed=3)
    page = clicks.page
    page.goto(f"{product.url}/overview/")
    clicks.link("Import letters an archive of pictures, or synthetic ones")
    page.set_input_files("[name=archive]", archive)
    page.fill("[name=name]", "letters")
    clicks.button("Look into the archive")
    expect(page.locator("main")).to_contain_text("letters.zip")
    clicks.button("Import")
    page.wait_for_url("**/data/imports/*/")
    page.get_by_role("link", name="Open the data set").wait_for(timeout=PATIENCE)
    clicks.link("Open the data set")
    expect(page.get_by_role("heading", level=1)).to_contain_text("letters")


def train(clicks: Clicks) -> None:
    """Start a training from the page of the data set, and see its curve grow before it ends."""
    page = clicks.page
    clicks.button("Train on this")
    expect(page.get_by_label("letters", exact=True)).to_be_checked()
    page.fill("[name=model_name]", MODEL)
    fill_recipe(page, RECIPE)
    clicks.button("Start training")
    seen = page.wait_for_function(GROWING, polling=POLLING, timeout=PATIENCE).json_value()
    assert seen["running"], f"the run had ended before three points were seen: {seen}"
    assert seen["points"] >= 3
    succeeds(page)
    expect(page.locator("#results")).to_contain_text("test")


def fill_recipe(page: Page, recipe: Mapping[str, str]) -> None:
    """Unfold all parts of the form and fill in what differs from the preset."""
    page.evaluate("document.querySelectorAll('fieldset details').forEach((part) => (part.open = true))")
    for name, value in recipe.items():
        field = page.locator(f"[name={name}]")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def succeeds(page: Page) -> None:
    """Wait until the run whose page this is has succeeded."""
    expect(page.locator("#live .badge")).to_have_class("badge badge-succeeded", timeout=PATIENCE)


GROWING = """() => {
  const figure = document.querySelector('figure[data-chart=accuracy]');
  if (!figure) return null;  // the page of the run is not there yet
  const points = Number(figure.dataset.points), running = figure.dataset.running === 'true';
  return points >= 3 || !running && points ? {points, running} : null;
}"""


def put_in_service(clicks: Clicks) -> None:
    """Let the new model read, from the page of its result."""
    clicks.button("Put in service…")
    clicks.button("Put in service")
    expect(clicks.page.locator(".messages")).to_contain_text("reads letters from now on")


def model_that_reads(page: Page, product: Product) -> str | None:
    """Draw a letter and say which model read it."""
    page.goto(product.url)
    page.wait_for_selector("#draw[data-listening]")
    box = page.locator("canvas").bounding_box()
    assert box
    for line in LINES:
        points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in line]
        page.mouse.move(*points[0])
        page.mouse.down()
        for point in points[1:]:
            page.mouse.move(*point, steps=5)
        page.mouse.up()
    reading = page.locator("#reading")
    expect(reading).to_have_attribute("data-state", "read")
    return reading.get_attribute("data-model")
