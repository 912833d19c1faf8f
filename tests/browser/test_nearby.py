"""`make run LAN=1`: a phone in the same room opens the page over plain http, which is no secure context there."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserType, Page, expect

from hwrsite.processes import lan
from tests.browser.conftest import PATIENCE, WEB, started
from tests.browser.test_draw import stroke
from tests.browser.test_live import BAR, STEM
from tests.product import Product, wait_until


@pytest.fixture(scope="module")
def nearby(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A product that listens on this machine's network."""
    with started(tmp_path_factory.mktemp("nearby"), "--lan", *WEB) as made:
        yield made


@pytest.mark.xdist_group("nearby")
@pytest.mark.processor_seconds(600)  # a product is started
def test_the_page_reads_over_plain_http(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any], nearby: Product
) -> None:
    names = lan.names()
    arguments = [*browser_type_launch_args["args"], f"--host-resolver-rules=MAP {names[-1]} {names[0]}"]
    browser = browser_type.launch(**{**browser_type_launch_args, "args": arguments})
    page = browser.new_page(has_touch=True, viewport={"width": 390, "height": 844})
    page.set_default_timeout(PATIENCE)
    page.goto(f"http://{names[-1]}:{nearby.port}/")
    page.wait_for_selector("#draw[data-listening]")
    secure = page.evaluate("[isSecureContext, typeof crypto.subtle, 'serviceWorker' in navigator]")
    assert secure == [False, "undefined", False]
    here = page.locator("[data-part=here]")
    wait_until(lambda: read_t(page) and here.is_visible())  # until the weights are here and hashed the server reads
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("button", name="русский").click()  # a form is admitted from this address, too
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    browser.close()


def read_t(page: Page) -> bool:
    """Draw a letter on a clean sheet, and see it read."""
    page.keyboard.press("Escape")
    stroke(page, BAR)
    stroke(page, STEM)
    expect(page.locator("#reading")).to_have_attribute("data-state", "read")
    expect(page.locator("#reading")).to_have_attribute("data-letter", "Т")
    return True


@pytest.mark.xdist_group("nearby")
@pytest.mark.processor_seconds(600)
def test_the_terminal_says_where_it_is(nearby: Product) -> None:
    assert f"http://{lan.names()[0]}:{nearby.port}/" in nearby.output()
    assert "▀" in nearby.output()  # the code for a camera
    assert "HTTPS" in nearby.output()


@pytest.mark.xdist_group("nearby")
@pytest.mark.processor_seconds(600)
def test_other_names_are_refused(nearby: Product) -> None:
    with socket.create_connection(("127.0.0.1", nearby.port)) as visitor:
        visitor.sendall(b"GET / HTTP/1.1\r\nHost: elsewhere.example\r\nConnection: close\r\n\r\n")
        assert visitor.recv(100).startswith(b"HTTP/1.1 400")
