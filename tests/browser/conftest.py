"""Started products for the browser, on SQLite and the file queue."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from recognizer import services
from tests import prepared
from tests.browser.pages import Pages, fill
from tests.product import Product, embedded

PATIENCE = 300_000
"""Milliseconds for what comes at once where the machine has nothing else to do."""
BARE = "/static/img/favicon.svg"
"""The address of a page without scripts and styles, in which modules of the site can be imported."""
WEB = ("--only", "web")
"""Starts a product without workers, for a test that needs none."""
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module", autouse=True)
def bundled() -> Iterator[None]:
    """Let the live server's pages have bundles, as a product's have: ten requests instead of seventy."""
    collected = prepared.product() / "static"
    storage = {"BACKEND": "hwrsite.static_files.SiteStorage", "OPTIONS": {"location": str(collected)}}
    with override_settings(
        STORAGES=settings.STORAGES | {"staticfiles": storage},
        STATICFILES_DIRS=[*settings.STATICFILES_DIRS, collected],
    ):
        yield


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    """A page that waits for a busy machine; what it still asks for at the end is nobody's error."""
    page.set_default_timeout(PATIENCE)
    yield page
    if not page.is_closed():
        page.unroute_all(behavior="ignoreErrors")


@pytest.fixture(scope="session")
def bare_tab(browser: Browser) -> Iterator[Page]:
    """The one tab of the tests that only import modules."""
    context = browser.new_context(service_workers="block")
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


@pytest.fixture
def bare(transactional_db: None, bare_tab: Page, live_server: LiveServer) -> Page:
    """A page of the site that loads nothing, to import modules in; nothing of another test is left in it."""
    bare_tab.goto(live_server.url + BARE)
    return bare_tab


@pytest.fixture
def bench(bare: Page) -> Page:
    """The same with the shipped models in the catalogue."""
    services.add_shipped()
    return bare


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    """A started product of the test's own; nothing of it is left running."""
    with started(tmp_path) as made:
        yield made


@pytest.fixture(scope="session")
def shared_product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A started product for tests that kill nothing and give what they make in it names of their own."""
    with started(tmp_path_factory.mktemp("shared-product")) as made:
        yield made


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    """A started product with rows of every kind, and no worker that would change them."""
    with started(tmp_path_factory.mktemp("pages"), *WEB) as made:
        yield fill(made)


@contextmanager
def started(folder: Path, *words: str) -> Iterator[Product]:
    """A product in a folder of its own, started with these words, as long as the block lasts.

    Where workers start, the first data set is there: they would do nothing else for half a minute.
    """
    state = prepared.product() if set(WEB) <= set(words) else prepared.product_with_data()
    shutil.copytree(state, folder, dirs_exist_ok=True)
    made = Product(folder, embedded(folder))
    try:
        made.start(*words)
        yield made
    finally:
        made.kill()
