"""The whole path in a browser: sign in, import, train, watch, put in service, draw. One walk for every backing."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.product import ADMIN_PASSWORD, Product
from training.datasets import synthesis

MODEL = "walked"
PER_LETTER = 40
RECIPE = {"hidden_layers": "32", "batch_size": "16", "epochs": "150", "ink_specification": "moments-1"}
LINES = [[(0.3, 0.8), (0.5, 0.2), (0.7, 0.8)], [(0.38, 0.6), (0.62, 0.6)]]
DATASET_LINK = "a[href^='/data/']:not([href*=import])"
PATIENCE = 240_000  # milliseconds for what a worker does
POLLING = 100  # milliseconds between two looks at a page: it looks at every frame if nothing is said


def walk(page: Page, product: Product, folder: Path) -> str | None:
    """Walk the path and return the name of the model that reads the last letter; the curve must be seen to grow."""
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    sign_in(page, product)
    import_letters(page, product, folder)
    train(page, product)
    put_in_service(page, product)
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


def import_letters(page: Page, product: Product, folder: Path) -> None:
    """Upload an archive and wait for the data set."""
    archive = folder / "letters.zip"
    synthesis.make_archive(archive, per_letter=PER_LETTER, seed=3)
    page.goto(f"{product.url}/admin/datasets/datasetimport/add/")
    page.fill("[name=name]", "letters")
    page.set_input_files("[name=archive]", archive)
    page.click("[name=_save]")
    expect(page.locator("main")).to_contain_text("letters.zip")
    page.click("button[value=import]")
    page.wait_for_url("**/data/imports/*/")
    page.goto(f"{product.url}/data/")
    link = page.locator("a").filter(has_text=re.compile("^letters$")).and_(page.locator(DATASET_LINK))
    for _ in range(PATIENCE // 1000):
        if link.count():
            break
        page.wait_for_timeout(1000)
        page.reload()
    link.first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("letters")


def train(page: Page, product: Product) -> None:
    """Start a training by the form, and see its curve grow before it ends."""
    page.goto(f"{product.url}/admin/runs/run/add/")
    page.get_by_label("letters").check()
    page.fill("[name=model_name]", MODEL)
    for name, value in RECIPE.items():
        field = page.locator(f"[name={name}]")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    page.click("[name=_save]")
    page.goto(f"{product.url}/runs/")
    page.get_by_role("link", name=MODEL).first.click()
    seen = page.wait_for_function(GROWING, polling=POLLING, timeout=PATIENCE).json_value()
    assert seen["running"], f"the run had ended before three points were seen: {seen}"
    assert seen["points"] >= 3
    expect(page.locator("#live .badge")).to_have_class("badge badge-succeeded", timeout=PATIENCE)
    expect(page.locator("#results")).to_contain_text("test")


GROWING = """() => {
  const figure = document.querySelector('figure[data-chart=accuracy]');
  if (!figure) return null;  // the page of the run is not there yet
  const points = Number(figure.dataset.points), running = figure.dataset.running === 'true';
  return points >= 3 || !running && points ? {points, running} : null;
}"""


def put_in_service(page: Page, product: Product) -> None:
    """Let the new model read."""
    assert model_that_reads(page, product) != MODEL
    page.goto(f"{product.url}/admin/recognizer/storedmodel/?q={MODEL}")
    page.get_by_role("link", name=MODEL).first.click()
    page.get_by_text("Put in service").first.click()
    page.get_by_text("Put this model in service?").wait_for()
    page.locator("button:visible", has_text="Put in service").last.click()
    page.wait_for_url("**/admin/recognizer/storedmodel/")


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
