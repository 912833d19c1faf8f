"""One way to drive three browsers: Playwright Chromium, Marionette Firefox, WebDriver WebKitGTK.

These run in the environment of `packages.txt`, so nothing else of the project is imported here.
"""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

Point = tuple[float, float]
WIDTH, HEIGHT = 1280, 900
WEBKIT_BROWSER = "*/webkit2gtk-4.*/MiniBrowser"
ARGUMENTS = "const given = arguments; "
"""What WebDriver and Marionette call a script's arguments; here they are `given`."""


class Driver(Protocol):
    """A browser with one page."""

    def go(self, url: str) -> None:
        """Open an address."""

    def run(self, script: str, *given: Any) -> Any:
        """Run the body of a function and return what it returns; its arguments are `given`."""

    def drag(self, points: Sequence[Point]) -> None:
        """Press a mouse's button at the first point of the window, move to the others, release it."""

    def upload(self, selector: str, path: str) -> None:
        """Choose a file."""


class PlaywrightDriver:
    """Chromium."""

    def __init__(self, page: Any) -> None:
        """Take Playwright's page."""
        self._page = page

    def go(self, url: str) -> None:
        self._page.goto(url)

    def run(self, script: str, *given: Any) -> Any:
        return self._page.evaluate(f"(given) => {{ {script} }}", list(given))

    def drag(self, points: Sequence[Point]) -> None:
        mouse = self._page.mouse
        mouse.move(*points[0])
        mouse.down()
        for point in points[1:]:
            mouse.move(*point)
        mouse.up()

    def upload(self, selector: str, path: str) -> None:
        self._page.set_input_files(selector, path)


class MarionetteDriver:
    """Firefox."""

    def __init__(self, client: Any) -> None:
        """Take Marionette's client."""
        self._client = client

    def go(self, url: str) -> None:
        self._client.navigate(url)

    def run(self, script: str, *given: Any) -> Any:
        return self._client.execute_script(ARGUMENTS + script, script_args=given, sandbox=None)

    def drag(self, points: Sequence[Point]) -> None:
        from marionette_driver.marionette import ActionSequence  # of the environment that has it

        pen = ActionSequence(self._client, "pointer", "mouse", {"pointerType": "mouse"})
        pen.pointer_move(*map(round, points[0]))
        pen.pointer_down(0)
        for point in points[1:]:
            pen.pointer_move(*map(round, point), duration=15)
        pen.pointer_up(0)
        pen.perform()

    def upload(self, selector: str, path: str) -> None:
        self._client.find_element("css selector", selector).send_keys(path)


class WebDriver:
    """WebKitGTK."""

    def __init__(self, browser: Any) -> None:
        """Take Selenium's driver."""
        self._browser = browser

    def go(self, url: str) -> None:
        self._browser.get(url)

    def run(self, script: str, *given: Any) -> Any:
        return self._browser.execute_script(ARGUMENTS + script, *given)

    def drag(self, points: Sequence[Point]) -> None:
        from selenium.webdriver.common.actions.action_builder import ActionBuilder  # of the environment that has it

        actions = ActionBuilder(self._browser, duration=15)
        pen = actions.pointer_action
        pen.move_to_location(*map(round, points[0]))
        pen.pointer_down()
        for point in points[1:]:
            pen.move_to_location(*map(round, point))
        pen.pointer_up()
        actions.perform()

    def upload(self, selector: str, path: str) -> None:
        self._browser.find_element("css selector", selector).send_keys(path)


@contextlib.contextmanager
def chromium() -> Iterator[Driver]:
    """The Chromium of the other benchmarks."""
    from benchmarks.browser.chromium import chromium as opened

    with opened() as browser:
        yield PlaywrightDriver(browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, locale="en"))


@contextlib.contextmanager
def firefox() -> Iterator[Driver]:
    """Firefox, ESR where both are there; Debian has no geckodriver, so it is spoken to in its own protocol."""
    from marionette_driver.marionette import Marionette

    path = shutil.which("firefox-esr") or shutil.which("firefox")
    if path is None:
        raise FileNotFoundError("Firefox is not here: apt-get install firefox-esr")
    preferences = {"intl.accept_languages": "en"}
    log = tempfile.mkdtemp(prefix="propis-firefox-")
    client = Marionette(port=0, bin=path, headless=True, prefs=preferences, startup_timeout=300, gecko_log=log)
    try:
        client.start_session()
        client.set_window_rect(width=WIDTH, height=HEIGHT)
        yield MarionetteDriver(client)
    finally:
        client.delete_session()
        client.cleanup()
        shutil.rmtree(log, ignore_errors=True)


@contextlib.contextmanager
def webkit() -> Iterator[Driver]:
    """WebKitGTK's small browser, on a screen of its own."""
    from selenium import webdriver
    from selenium.webdriver.webkitgtk.service import Service

    path, service = next(Path("/usr/lib").glob(WEBKIT_BROWSER), None), shutil.which("WebKitWebDriver")
    if path is None or service is None:
        raise FileNotFoundError("WebKitGTK is not here: apt-get install webkit2gtk-driver")
    options = webdriver.WebKitGTKOptions()
    options.binary_location = str(path)
    options.add_argument("--automation")
    with _screen(), contextlib.ExitStack() as closing:
        browser = webdriver.WebKitGTK(options=options, service=Service(service))
        closing.callback(browser.quit)
        browser.set_window_rect(0, 0, WIDTH, HEIGHT)
        yield WebDriver(browser)


@contextlib.contextmanager
def _screen() -> Iterator[None]:
    """A screen that nobody sees."""
    if shutil.which("Xvfb") is None:
        raise FileNotFoundError("WebKitGTK needs a screen: apt-get install xvfb")
    reading, writing = os.pipe()
    words = ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-nolisten", "tcp"]
    process = subprocess.Popen(words, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        os.environ["DISPLAY"] = f":{os.read(reading, 20).decode().strip()}"
        os.environ["LANGUAGE"] = "en"
        yield
    finally:
        process.terminate()
        process.wait()


ENGINES = {"chromium": chromium, "firefox": firefox, "webkit": webkit}
