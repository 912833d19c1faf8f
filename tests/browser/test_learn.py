"""The teaching page in a real Chromium: it learns, obeys its address, diverges and is taken back, walks, reads."""

import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from recognizer.core.alphabet import RUSSIAN
from tests.training.datasets import making
from tests.training.study.learning.test_pictures import serve
from training.datasets.imports.pipeline import import_archive
from training.study.learning.letters import written

QUICK = "layers=12&pictures=4&epochs=2&rate=1"
DRAWN = [[[0.3, 0.8], [0.5, 0.2], [0.7, 0.8]], [[0.4, 0.6], [0.6, 0.6]]]
OWN = 12
"""Letters of one's own that are kept before the test."""
NO_WORKERS = "delete globalThis.Worker"
POOR = "#learn[data-state={}]"
INKED = "(canvas) => canvas.getContext('2d').getImageData(0, 0, 28, 28).data.some((value) => value > 0)"
HIDE = """(isHidden) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => isHidden });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def part(page: Page, name: str) -> str:
    return page.locator(f"[data-part={name}]").inner_text()


def opened(page: Page, server: LiveServer, query: str = QUICK) -> Page:
    page.goto(f"{server.url}/learn/?{query}")
    page.wait_for_selector("#learn[data-listening]")
    return page


def trained(page: Page) -> None:
    page.click("[data-part=train]")
    page.wait_for_selector(POOR.format("ended"))


def own_letters() -> str:
    """As the page keeps them; one is no drawing."""
    kept = []
    for label, letter in enumerate(RUSSIAN[:OWN]):
        (strokes,) = written(letter, 1)
        low = np.min([stroke.min(axis=0) for stroke in strokes], axis=0)
        kept.append({"label": label, "strokes": [np.round(stroke - low).tolist() for stroke in strokes]})
    return json.dumps([*kept, {"label": 99}])


def draw(page: Page) -> None:
    page.locator("[data-part=sheet]").scroll_into_view_if_needed()
    box = page.locator("[data-part=sheet]").bounding_box()
    assert box
    for stroke in DRAWN:
        points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
        page.mouse.move(*points[0])
        page.mouse.down()
        for point in points[1:]:
            page.mouse.move(*point, steps=4)
        page.mouse.up()


def inked(tile: Locator) -> bool:
    """Whether anything is painted on the tile of a letter."""
    found: bool = tile.locator("canvas").evaluate(INKED)
    return found


def asked(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


@pytest.mark.django_db
def test_it_learns_and_every_part_follows(live_server: LiveServer, page: Page) -> None:
    opened(page, live_server)
    assert part(page, "percent") == "?"
    assert "knows nothing" in part(page, "lead")
    trained(page)
    assert "knows nothing" not in part(page, "lead")
    assert part(page, "of") == "of unseen letters are read correctly"
    assert "after 2 epochs" in part(page, "status")
    read = page.locator(".learn-tile[data-right=yes]").count()
    assert read > 3, "it has learnt more than guessing would have"
    assert page.locator(".learn-tile[data-right=no]").count() == 33 - read
    assert part(page, "percent") != "?"
    expect(page.locator("figure canvas[role=img]")).to_have_count(4)  # the wall of weights and three charts
    page.locator("[data-chart=cost] summary").click()
    rows = page.locator("[data-table=cost] tbody tr")
    expect(rows).to_have_count(9)  # at the beginning, and four of each epoch
    first, last = (float(rows.nth(place).locator("td").last.inner_text()) for place in (0, 8))
    assert last < first
    with page.expect_download() as download:
        page.click("[data-csv=cost]")
    assert len(download.value.path().read_text().splitlines()) == 10
    page.locator("[data-chart=activations] summary").click()
    expect(page.locator("[data-table=activations] tbody tr")).to_have_count(20)
    with page.expect_download() as download:
        page.click("[data-csv=activations]")
    lines = download.value.path().read_text().splitlines()
    assert lines[0] == "begin,end,layer 1"
    assert lines[1].startswith("0,0.05,")
    assert sum(float(line.split(",")[2]) for line in lines[1:]) == pytest.approx(1)
    page.locator(".learn-tile").nth(2).click()
    expect(page.locator("[data-part=pulled-said]")).not_to_be_empty()
    draw(page)
    expect(page.locator("[data-part=reads]")).to_contain_text("%")
    page.click("[data-part=walk]")
    expect(page.locator("[data-part=walk-said]")).to_have_text("Step 1 of 10")
    page.locator(".learn-step:visible .symbol").first.focus()
    expect(page.locator(".learn-step:visible [data-part=meaning]")).to_contain_text("784")
    for _step in range(9):
        page.click("[data-part=forth]")
        assert page.locator(".learn-step:visible").count() == 1
        expect(page.locator(".learn-step:visible [data-part=values]")).not_to_be_empty()
    expect(page.locator("[data-part=forth]")).to_be_disabled()
    page.click("[data-part=back]")
    expect(page.locator("[data-part=walk-said]")).to_have_text("Step 9 of 10")


@pytest.mark.django_db
def test_the_address_says_what_is_chosen(live_server: LiveServer, page: Page) -> None:
    opened(
        page, live_server, "layers=32-16&activation=relu&start=he&rate=0.07&l2=1.5&batch=7&pictures=3&seed=5&epochs=1"
    )
    assert page.locator("[name=layers]").input_value() == "32-16"
    assert page.locator("[data-of=rate]").inner_text() == "0.07"
    page.select_option("[name=activation]", "gelu")
    assert asked(page) == {
        "layers": "32-16", "activation": "gelu", "start": "he", "rate": "0.07", "l2": "1.5", "batch": "7",
        "pictures": "3", "seed": "5", "epochs": "1",
    }  # fmt: skip
    page.locator("[name=rate]").press("ArrowRight")
    assert 0.07 < float(asked(page)["rate"]) < 0.08
    page.click("[data-scene=relu]")
    assert asked(page) == {"activation": "relu", "start": "he", "rate": "0.1"}
    page.go_back()
    expect(page.locator("[name=layers]")).to_have_value("32-16")


@pytest.mark.django_db
def test_it_learns_from_the_data_set_in_service(live_server: LiveServer, page: Page, tmp_path: Path) -> None:
    contents = making.folders(letters=RUSSIAN)
    dataset = import_archive(making.write_zip(tmp_path / "letters.zip", contents), name="ours", letters=RUSSIAN)
    serve(dataset.content_sha256)
    opened(page, live_server, f"{QUICK}&letters=data")
    assert "ours" in (page.locator("[name=letters] option:checked").text_content() or "")
    trained(page)
    assert page.locator("[data-part=note]").is_hidden()
    assert page.locator(".learn-tile:enabled").count() > 20, "most letters have a picture that was held back"
    serve("0" * 64)
    opened(page, live_server, f"{QUICK}&letters=data")
    assert "There is no data set here" in part(page, "note")
    assert "letters" not in asked(page)


@pytest.mark.django_db
def test_nonsense_in_the_address_is_told_and_so_are_ranges(live_server: LiveServer, page: Page) -> None:
    opened(page, live_server, "layers=9999&rate=-1&cost=cheap&batch=&seed=1e3&pictures=4&letters=own&x=%00")
    said = part(page, "note")
    assert all(name in said for name in ("layers", "rate", "cost", "batch", "seed"))
    assert "pictures" not in said
    assert page.locator("[name=layers]").input_value() == "64"
    assert page.locator("[name=pictures]").input_value() == "4"
    assert "layers is up to 3 numbers of 1 to 256; rate is 0.001 to 30." in said


@pytest.mark.django_db
def test_one_step_is_one_step_and_another_recipe_knows_nothing(live_server: LiveServer, page: Page) -> None:
    opened(page, live_server)
    page.click("[data-part=one]")
    expect(page.locator("[data-part=status]")).to_contain_text(", 1 step. 132 pictures")
    expect(page.locator("[data-part=lead]")).not_to_contain_text("knows nothing")
    page.select_option("[name=activation]", "relu")
    assert "knows nothing" in part(page, "lead")
    assert part(page, "percent") == "?"
    assert page.locator(".learn-tile:enabled").count() == 0


@pytest.mark.django_db
def test_the_walk_says_its_target_and_lets_choose_it(live_server: LiveServer, page: Page) -> None:
    opened(page, live_server)
    trained(page)
    draw(page)
    page.select_option("#learn-is", label="П")
    page.click("[data-part=walk]")
    expect(page.locator("[data-part=walk-said]")).to_have_text("Step 1 of 10")
    cost = page.locator("[data-step=cost]:visible [data-part=values]")
    while not cost.count():
        page.click("[data-part=forth]")
    expect(cost).to_contain_text("Target: П.")
    page.select_option("#learn-target", label="Д")
    expect(cost).to_contain_text("Target: Д.")
    assert page.locator("#learn-is option:checked").inner_text() == "Д"


@pytest.mark.django_db
def test_what_diverges_is_stopped_explained_and_taken_back(live_server: LiveServer, page: Page) -> None:
    opened(page, live_server, "layers=16&pictures=6&epochs=6&rate=30")
    page.click("[data-part=train]")
    page.wait_for_selector(POOR.format("diverged"))
    assert "30" in part(page, "alarm-text")
    page.click("[data-part=undo-rate]")
    page.wait_for_selector("#learn:not([data-state=diverged])")
    assert asked(page)["rate"] == "3"
    assert page.locator("[data-part=alarm]").is_hidden()


@pytest.mark.django_db
def test_without_workers_the_page_does_the_work(live_server: LiveServer, page: Page) -> None:
    page.add_init_script(NO_WORKERS)
    opened(page, live_server)
    trained(page)
    assert "no workers" in part(page, "note")
    assert page.locator(".learn-tile[data-right=yes]").count() > 3


@pytest.mark.django_db
def test_a_page_out_of_sight_waits(live_server: LiveServer, page: Page) -> None:
    opened(page, live_server, "pictures=4&epochs=500")
    page.click("[data-part=train]")
    page.wait_for_selector(POOR.format("running"))
    page.evaluate(HIDE, True)
    page.wait_for_selector(POOR.format("hidden"))
    page.evaluate(HIDE, False)
    page.wait_for_selector(POOR.format("running"))
    assert "out of sight" in part(page, "note")
    page.click("[data-part=train]")
    page.wait_for_selector(POOR.format("paused"))


@pytest.mark.django_db
def test_letters_of_ones_own_are_kept_learnt_and_forgotten(live_server: LiveServer, page: Page) -> None:
    opened(page, live_server)
    page.evaluate("(own) => localStorage.setItem('propis-own-letters', own)", own_letters())
    opened(page, live_server)
    draw(page)
    page.click("[data-part=keep]")
    assert "13 of 99" in part(page, "own-said"), "what is no drawing does not count"
    page.click("[data-part=train-own]")
    page.wait_for_selector(POOR.format("ended"))
    assert asked(page)["letters"] == "own"
    assert page.locator(".learn-tile[data-right=yes]").count() >= 10
    assert "other variations of your drawings" in part(page, "of")
    page.click("[data-part=forget]")
    expect(page.locator("[data-part=train-own]")).to_be_disabled()
    assert "letters" not in asked(page)
    assert "No letters of your own" in part(page, "note")
    assert page.locator(".learn-tile:enabled").count() == 0, "what learnt from them is forgotten, too"
    assert part(page, "of") == "of unseen letters are read correctly"


@pytest.mark.django_db
def test_tiles_without_a_picture_are_as_at_the_beginning(live_server: LiveServer, page: Page) -> None:
    opened(page, live_server)
    page.evaluate("(own) => localStorage.setItem('propis-own-letters', own)", own_letters())
    opened(page, live_server)
    trained(page)
    page.click("[data-part=train-own]")
    page.wait_for_selector(POOR.format("ended"))
    tiles = page.locator(".learn-tile")
    assert [inked(tiles.nth(label)) for label in (0, OWN - 1, OWN, 32)] == [True, True, False, False]
    expect(page.locator(".learn-tile[aria-label]")).to_have_count(OWN)
