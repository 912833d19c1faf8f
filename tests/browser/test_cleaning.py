"""A person mends a data set: import, suspects, two letters put right by keys, a new version, a training on it."""

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.faults.rows import rows
from tests.product import Product
from tests.walk import fill_recipe, sign_in, succeeds
from training.datasets import synthesis
from training.datasets.storage.picture_files import Index

PARENT, VERSION = "copybook", "copybook 2"
LETTERS, PER_LETTER = "АЖОШ", 50
WRONG = {"wrong/О/1.png": "Ж", "wrong/Ж/1.png": "Ш"}
"""Pictures that lie in the folder of another letter, and the letter that they show."""
KEYS = {"Ж": ";", "Ш": "i"}
"""Where these letters lie on a Latin keyboard."""
RECIPE = {"hidden_layers": "32", "epochs": "20", "batch_size": "16", "warmup_steps": "0", "ema": "0"}
PATIENCE = 900_000  # milliseconds for what a worker does


@pytest.mark.xdist_group("shared product")
@pytest.mark.processor_seconds(900)
def test_two_wrong_letters_are_mended_with_the_keyboard(page: Page, shared_product: Product, tmp_path: Path) -> None:
    product = shared_product
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if "Security Policy" in message.text else None)
    sign_in(page, product)
    import_archive(page, product, archive_with_wrong_letters(tmp_path / "copybook.zip"), PARENT)
    look_at_pictures(page)
    find_suspects(page)
    parent = index_of(product, PARENT)
    for name, letter in WRONG.items():
        mend(page, parent.names.index(name), letter)
    make_version(page, VERSION)
    check_version(product, parent)
    train(page, product, VERSION)
    assert problems == []
    assert "Traceback" not in product.output()


def archive_with_wrong_letters(path: Path) -> Path:
    """Synthetic letters, a class set of these alone, two pictures among them in the folder of another letter."""
    made = path.with_suffix(".made.zip")
    synthesis.make_archive(made, per_letter=PER_LETTER + 1, letters=LETTERS, seed=5)
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(path, "w") as archive:
        archive.writestr("letters.txt", LETTERS)
        names = sorted(source.namelist())
        spare = {letter: next(name for name in names if f"/printed/{letter}/" in name) for letter in WRONG.values()}
        for name in names:
            if name not in spare.values():
                archive.writestr(name, source.read(name))
        for name, letter in WRONG.items():
            archive.writestr(name, source.read(spare[letter]))
    return path


def import_archive(page: Page, product: Product, archive: Path, name: str) -> None:
    """Upload an archive in the admin, confirm what was found, wait for the data set, and open it."""
    page.goto(f"{product.url}/admin/datasets/datasetimport/add/")
    page.fill("[name=name]", name)
    page.set_input_files("[name=archive]", archive)
    page.click("[name=_save]")
    expect(page.locator("main")).to_contain_text(archive.name)
    page.click("button[value=import]")
    page.get_by_role("link", name="Open the data set").click(timeout=PATIENCE)
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def look_at_pictures(page: Page) -> None:
    """Open the page of all pictures and come back: 200 of them are one request."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.resource_type == "image" else None)
    page.get_by_role("link", name="All pictures").click()
    page.wait_for_load_state("networkidle")
    assert page.locator(".tile svg").count() == 200
    assert len([address for address in asked if "/data/" in address and "/pictures.png?" in address]) == 1, asked
    page.go_back()
    page.wait_for_load_state("networkidle")
    assert len({address for address in asked if "/data/" in address}) <= 3, "and samples and averages one each"
    assert len([address for address in asked if "/data/" in address]) <= 3, asked


def find_suspects(page: Page) -> None:
    """Check the data set that is open, and look at the findings."""
    page.get_by_role("link", name="Look for errors").click()
    page.get_by_role("button", name="Check the labels").click()
    page.get_by_role("link", name="Look at the findings").click(timeout=PATIENCE)
    page.get_by_role("navigation", name="Kinds of findings").get_by_role("link", name="wrong letter?").click()
    page.wait_for_selector("#review[data-listening]")


def mend(page: Page, picture: int, letter: str) -> None:
    """Remove a picture and take that back, then say which letter it is: by keys alone."""
    tile = go_to(page, picture)
    page.keyboard.press("Delete")
    expect(tile).to_have_attribute("data-action", "reject")
    page.keyboard.press("Control+z")
    expect(tile).to_have_attribute("data-action", "")
    go_to(page, picture)
    press_cyrillic(page, letter.lower())
    expect(tile).to_have_attribute("data-action", "relabel")
    expect(tile).to_contain_text(f"now {letter}")
    go_to(page, picture)
    page.keyboard.press(KEYS[letter])  # the key at the same place while the layout is a Latin one
    expect(tile).to_contain_text(f"now {letter}")


def go_to(page: Page, picture: int) -> Locator:
    """Go to a picture by the arrow keys."""
    tiles = page.locator(".tile[data-picture]")
    numbers = [tile.get_attribute("data-picture") for tile in tiles.all()]
    assert str(picture) in numbers, f"{picture} is not among the suspects {numbers}"
    wanted = numbers.index(str(picture))
    current = tiles.evaluate_all("tiles => tiles.findIndex(tile => tile.ariaCurrent === 'true')")
    for _step in range(abs(wanted - current)):
        page.keyboard.press("ArrowRight" if wanted > current else "ArrowLeft")
    tile = page.locator(f".tile[data-picture='{picture}']")
    expect(tile).to_have_attribute("aria-current", "true")
    return tile


def press_cyrillic(page: Page, letter: str) -> None:
    """Press the key of a Cyrillic letter; Playwright's own keyboard has Latin ones only."""
    devtools = page.context.new_cdp_session(page)
    for kind in ("keyDown", "keyUp"):
        devtools.send(
            "Input.dispatchKeyEvent", {"type": kind, "key": letter, "text": letter if kind == "keyDown" else ""}
        )
    devtools.detach()


def make_version(page: Page, name: str) -> None:
    """Make a version of what was decided, and open it."""
    page.reload()
    expect(page.get_by_label("Name")).to_have_value(name)
    page.get_by_role("button", name="Make the new version").click()
    page.get_by_role("link", name="Open the data set").click(timeout=PATIENCE)
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.locator("#lineage + ol")).to_contain_text("0 rejected, 2 with another letter, 0 added")


def check_version(product: Product, parent: Index) -> None:
    """The new version has every picture of its parent, two of them with another letter; the parent is as it was."""
    version = index_of(product, VERSION)
    assert version.names == parent.names
    changed = {parent.names[number]: number for number in np.flatnonzero(version.labels != parent.labels).tolist()}
    letters = dataset(product, VERSION)["letters"]
    assert {name: letters[version.labels[number]] for name, number in changed.items()} == WRONG
    assert np.array_equal(version.digests, parent.digests)
    assert np.array_equal(index_of(product, PARENT).labels, parent.labels)
    old, new = dataset(product, PARENT), dataset(product, VERSION)
    assert new["parent_id"] == old["id"]
    [step] = json.loads(new["lineage"])
    said = {key: step[key] for key in ("parent", "content_sha256", "pictures", "rejected", "relabelled", "added")}
    assert said == {
        "parent": PARENT,
        "content_sha256": old["content_sha256"],
        "pictures": len(LETTERS) * (PER_LETTER + 1),
        "rejected": 0,
        "relabelled": 2,
        "added": 0,
    }


def dataset(product: Product, name: str) -> dict[str, Any]:
    """The row of a data set."""
    [row] = [each for each in rows(product, "SELECT * FROM datasets_dataset") if each["name"] == name]
    return row


def index_of(product: Product, name: str) -> Index:
    """Which pictures it has, and their letters."""
    return Index.load(product.var / "datasets" / str(dataset(product, name)["id"]))


def train(page: Page, product: Product, name: str) -> None:
    """Train on a data set by the form, and wait until it has succeeded."""
    page.goto(f"{product.url}/admin/runs/run/add/")
    page.get_by_label(name, exact=True).check()
    page.fill("[name=model_name]", "mended")
    fill_recipe(page, RECIPE)
    page.click("[name=_save]")
    succeeds(page)
    [run] = rows(product, "SELECT * FROM runs_run WHERE name = 'mended'")
    [source] = rows(product, f"SELECT * FROM runs_rundataset WHERE run_id = {run['id']}")
    assert (run["state"], run["epoch"], source["dataset_id"]) == ("succeeded", 20, dataset(product, name)["id"])
    assert run["best_validation_accuracy"] > 0.8
