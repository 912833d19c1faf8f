"""A person at the pages of a started product, with cookies and forms, and without a browser."""

import re
import urllib.parse
import urllib.request
from collections.abc import Mapping
from http.cookiejar import CookieJar

from tests.product import ADMIN_PASSWORD, Product

ANSWERS_WITHIN_SECONDS = 60


class Visitor:
    """An administrator who has signed in."""

    def __init__(self, product: Product, name: str = "admin", password: str = ADMIN_PASSWORD) -> None:
        """Sign in."""
        self._product = product
        self._jar = CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._jar))
        self.send("/admin/login/", {"username": name, "password": password, "next": "/runs/"})

    @property
    def cookies(self) -> str:
        """The cookies, as a header has them."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self._jar)

    def open(self, path: str) -> str:
        """Read a page."""
        with self._opener.open(self._product.url + path, timeout=ANSWERS_WITHIN_SECONDS) as answer:
            return str(answer.read().decode())

    def send(self, path: str, fields: Mapping[str, str]) -> str:
        """Fill the form of a page and send it; return the address that it leads to."""
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.open(path))
        assert token is not None, f"{path} has no form"
        data = urllib.parse.urlencode({"csrfmiddlewaretoken": token[1], **fields}).encode()
        request = urllib.request.Request(self._product.url + path, data, {"Referer": self._product.url + path})
        with self._opener.open(request, timeout=ANSWERS_WITHIN_SECONDS) as answer:
            address = str(answer.url).removeprefix(self._product.url)
        assert address != path, f"{path} was not accepted"
        return address
