"""The draw page without a network: kept as one release, never mixed with another; and where nothing can be kept."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import PATIENCE
from tests.browser.test_draw import stroke
from tests.browser.test_live import BAR, STEM
from tests.product import Product, wait_until

ACTIVE = "navigator.serviceWorker.ready.then((found) => new Promise((resolve) => {\
  const look = () => (found.active?.state === 'activated' ? resolve() : setTimeout(look, 50)); look(); }))"
RELEASES = "caches.keys().then((names) => names.filter((name) => name !== 'propis-remembered'))"
UPDATED = """async () => {
  const found = await navigator.serviceWorker.ready;
  const next = await found.update().then((updated) => updated.installing ?? updated.waiting, () => null);
  while (next && !["installed", "activated", "redundant"].includes(next.state)) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return next?.state ?? null;
}"""
MARK = "[document.documentElement.dataset.release ?? '1', getComputedStyle(document.getElementById('draw')).order]"
OLD, NEW = ["1", "0"], ["2", "7"]
"""What a script and a style sheet of each release leave on the page."""


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that has never been here."""
    made = browser.new_context(viewport={"width": 1280, "height": 900})
    made.set_default_timeout(PATIENCE)
    yield made
    made.close()


def open_page(context: BrowserContext, product: Product) -> Page:
    page = context.new_page()
    page.goto(product.url)
    page.wait_for_selector("#draw[data-listening]")
    return page


def write_t(page: Page) -> None:
    stroke(page, BAR)
    stroke(page, STEM)
    expect(page.locator("#reading")).to_have_attribute("data-state", "read")
    expect(page.locator("#reading")).to_have_attribute("data-letter", "Т")


@pytest.mark.xdist_group("shared product")
@pytest.mark.processor_seconds(600)  # a product is started
def test_the_page_is_there_without_a_network(context: BrowserContext, shared_product: Product) -> None:
    page = open_page(context, shared_product)
    expect(page.locator("[data-offline]")).to_be_hidden()
    page.evaluate(ACTIVE)
    context.set_offline(True)
    page.reload()
    page.wait_for_selector("#draw[data-listening]")
    expect(page.locator("[data-offline]")).to_be_visible()
    write_t(page)
    page.goto(f"{shared_product.url}/models/")
    expect(page.get_by_role("heading", level=1)).to_have_text("You are offline")
    page.get_by_role("link", name="Draw a letter").click()
    page.get_by_role("button", name="русский").click()
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    expect(page.locator("[data-offline]")).to_contain_text("Нет сети.")
    expect(page.locator("#draw")).to_have_attribute("data-strokes", "2")
    context.set_offline(False)
    page.goto(f"{shared_product.url}/models/")
    expect(page.get_by_role("table")).to_be_visible()


@pytest.mark.xdist_group("shared product")
@pytest.mark.processor_seconds(600)
def test_without_a_network_the_language_stays(browser: Browser, shared_product: Product) -> None:
    context = browser.new_context(locale="ru", viewport={"width": 1280, "height": 900})
    page = open_page(context, shared_product)
    page.evaluate(ACTIVE)
    wait_until(lambda: page.evaluate("caches.match('/language').then(Boolean)"))  # wait_for_function awaits no promise
    context.set_offline(True)
    page.goto(f"{shared_product.url}/models/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Нет сети")
    context.close()


@pytest.mark.xdist_group("shared product")
@pytest.mark.processor_seconds(600)
def test_without_a_network_a_donation_says_so(context: BrowserContext, shared_product: Product) -> None:
    page = open_page(context, shared_product)
    page.get_by_text("Help it learn").click()
    page.get_by_role("button", name="I agree").click()
    write_t(page)
    context.set_offline(True)
    page.locator("[data-right]").click()
    expect(page.locator("#donation [data-part=status]")).to_contain_text("You are offline")


@pytest.mark.processor_seconds(900)  # a product is started three times
def test_an_update_never_mixes_files(context: BrowserContext, product: Product) -> None:
    page = open_page(context, product)
    page.evaluate(ACTIVE)
    first = page.evaluate(RELEASES)
    assert len(first) == 1
    missing = publish(product.var / "static")
    content = missing.read_bytes()
    missing.unlink()  # an update that has not come whole yet
    product.stop()
    product.start()
    assert page.evaluate(UPDATED) == "redundant"
    assert page.evaluate(RELEASES) == first
    assert kept(context, page) == OLD
    missing.write_bytes(content)
    product.stop()
    product.start()
    assert page.evaluate(UPDATED) == "installed"
    assert kept(context, page) == OLD  # a page is open: the new release waits until it is closed
    page.close()
    wait_until(lambda: releases_of_a_visit(context, product) not in ([], first))
    assert kept(context, open_page(context, product)) == NEW


def releases_of_a_visit(context: BrowserContext, product: Product) -> list[str]:
    """What is kept when a page is opened, which is closed again; the new release takes over while none is open."""
    page = open_page(context, product)
    assert page.evaluate(MARK) == NEW  # with a network files are the server's
    found: list[str] = page.evaluate(RELEASES)
    page.close()
    return found if len(found) == 1 else []


def kept(context: BrowserContext, page: Page) -> list[str]:
    """The marks of the release that the page is of without a network; and it reads."""
    context.set_offline(True)
    page.reload()
    page.wait_for_selector("#draw[data-listening]")
    page.keyboard.press("Escape")
    write_t(page)
    found: list[str] = page.evaluate(MARK)
    context.set_offline(False)
    return found


def publish(folder: Path) -> Path:
    """Collect another release: a script and a style sheet are changed. Returns a file that only this release has."""
    manifest = folder / "staticfiles.json"
    names = json.loads(manifest.read_text())
    changes = {
        "js/draw.js": 'document.documentElement.dataset.release = "2";\n',
        "css/draw_page.css": ".draw { order: 7; }\n",
    }
    for name, added in changes.items():
        content = (folder / names["paths"][name]).read_bytes() + added.encode()
        stem, _dot, ending = name.rpartition(".")
        names["paths"][name] = f"{stem}.{hashlib.md5(content).hexdigest()[:12]}.{ending}"
        (folder / names["paths"][name]).write_bytes(content)
    manifest.write_text(json.dumps(names))
    return folder / str(names["paths"]["css/draw_page.css"])


@pytest.mark.xdist_group("shared product")
@pytest.mark.processor_seconds(600)
@pytest.mark.parametrize("obstacle", ["forbidden", "full"])
def test_where_nothing_can_be_kept_the_page_works(
    context: BrowserContext, shared_product: Product, obstacle: str
) -> None:
    problems: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: problems.append(str(error)))
    if obstacle == "forbidden":
        page.add_init_script("""
          for (const name of ["localStorage", "sessionStorage", "caches"]) {
            Object.defineProperty(window, name, { get() { throw new DOMException(name, "SecurityError"); } });
          }
          navigator.serviceWorker.register = () => Promise.reject(new DOMException("forbidden", "SecurityError"));
        """)
    else:
        session = context.new_cdp_session(page)
        session.send("Storage.overrideQuotaForOrigin", {"origin": shared_product.url, "quotaSize": 1000})
    page.goto(shared_product.url)
    page.wait_for_selector("#draw[data-listening]")
    write_t(page)
    page.get_by_role("button", name="Clear").click()
    assert problems == []
    if obstacle == "full":
        assert page.evaluate("navigator.serviceWorker.getRegistration().then((found) => found?.active ?? null)") is None


@pytest.mark.xdist_group("shared product")
@pytest.mark.processor_seconds(600)
def test_it_can_be_installed(context: BrowserContext, shared_product: Product) -> None:
    page = open_page(context, shared_product)
    page.evaluate(ACTIVE)
    errors = context.new_cdp_session(page).send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [each["errorId"] for each in errors if each["errorId"] != "in-incognito"] == []
    response = context.request.get(f"{shared_product.url}/manifest.webmanifest", headers={"Accept-Language": "ru"})
    assert response.headers["content-type"] == "application/manifest+json"
    manifest = response.json()
    assert manifest["lang"] == "ru"
    for icon in manifest["icons"]:
        assert context.request.get(f"{shared_product.url}{icon['src']}").ok
