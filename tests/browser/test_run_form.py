"""The form of a new run in a real Chromium: what it shows is what will run."""

import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.faults.rows import rows
from tests.product import Product, wait_until
from tests.walk import fill_recipe, sign_in
from training.datasets import synthesis


@pytest.mark.xdist_group("shared product")
def test_shares_are_shown_before_they_are_used(page: Page, shared_product: Product, tmp_path: Path) -> None:
    """Beside synthetic letters the form fills in shares, takes them away again, and leaves alone what is typed."""
    product = shared_product
    wait_until(lambda: rows(product, "SELECT * FROM datasets_dataset WHERE name = 'synthetic'"), seconds=900)
    as_people_write(tmp_path / "people.zip")
    product.manage("import_dataset", str(tmp_path / "people.zip"), "--name", "few people", "--yes")
    sign_in(page, product)
    page.goto(f"{product.url}/admin/runs/run/add/")
    fill_recipe(page, {})
    shares, samples = page.locator("[name=source_weights]"), page.locator("[name=epoch_samples]")
    synthetic = page.get_by_label("synthetic", exact=True)
    page.get_by_label("few people", exact=True).check()
    synthetic.check()
    expect(shares).to_have_value(re.compile(r"^0\.\d+, ?0\.\d+$"))
    expect(samples).to_have_value(re.compile(r"^\d+$"))
    synthetic.uncheck()
    expect(shares).to_have_value("")
    expect(samples).to_have_value("")
    shares.fill("0.5, 0.5")
    synthetic.check()
    page.wait_for_load_state("networkidle")
    expect(shares).to_have_value("0.5, 0.5")


def as_people_write(path: Path) -> None:
    """An archive of a few letters in folders, which does not say that they are synthetic."""
    made = path.with_suffix(".made.zip")
    synthesis.make_archive(made, per_letter=4, seed=3)
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(path, "w") as archive:
        for number, name in enumerate(source.namelist()):
            archive.writestr(f"{name.split('/')[-2]}/{number}.png", source.read(name))
