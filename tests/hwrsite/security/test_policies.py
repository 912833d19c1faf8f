"""What an answer tells the browser to forbid; `test_russian.py` asks every address of the resolver for it."""

from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.http import HttpResponseBase
from django.test import Client

from tests.addresses import Address

pytestmark = pytest.mark.django_db
STRICT = {
    "default-src": {"'self'"},
    "img-src": {"'self'", "data:", "blob:"},
    "object-src": {"'none'"},
    "base-uri": {"'self'"},
    "form-action": {"'self'"},
    "frame-ancestors": {"'none'"},
}
OF_THE_ADMIN = STRICT | {
    "img-src": {"'self'", "data:"},
    "script-src": {"'self'", "'unsafe-eval'", "'unsafe-inline'"},
    "style-src": {"'self'", "'unsafe-inline'"},
}
"""The theme's Alpine evaluates attributes; nothing from elsewhere is let in there either."""
COMPILES = {"devices:invitation": {"script-src": {"'self'", "'wasm-unsafe-eval'"}}}
"""A page whose workers compile the kernel: no script from a text."""


class Inline(HTMLParser):
    """Finds what a strict policy forbids: scripts, styles and handlers that stand in the page."""

    def __init__(self) -> None:
        """Nothing found yet."""
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one tag."""
        given = dict(attrs)
        is_data = "json" in (given.get("type") or "")
        if tag == "style" or (tag == "script" and "src" not in given and not is_data):
            self.found.append(f"<{tag}>")
        self.found += [f"{tag} {name}" for name in given if name == "style" or name.startswith("on")]
        self.found += [f"{tag} {value}" for value in given.values() if (value or "").startswith("javascript:")]


def policy_of(header: str) -> dict[str, set[str]]:
    """A policy by its directives."""
    parts = (part.split() for part in header.split(";") if part.strip())
    return {words[0]: set(words[1:]) for words in parts}


def expected(address: Address) -> dict[str, set[str]]:
    """The policy that an address is to have."""
    if address.pattern.startswith("admin/"):
        return OF_THE_ADMIN
    return STRICT | COMPILES.get(address.name, {})


def faults(address: Address, answer: HttpResponseBase) -> Iterator[str]:
    """Say what is wrong with the policy of an answer, and what a public page has that it forbids."""
    if policy_of(answer.headers.get("Content-Security-Policy", "")) != expected(address):
        yield f"{address.name}: {answer.headers.get('Content-Security-Policy')}"
    if answer.headers.get("X-Content-Type-Options") != "nosniff" or answer.headers.get("X-Frame-Options") != "DENY":
        yield f"{address.name}: may be framed, or its type guessed"
    if answer.headers.get("Content-Type", "").startswith("text/html") and not address.pattern.startswith("admin/"):
        page = Inline()
        page.feed(answer.getvalue().decode())
        yield from (f"{address.name}: {found}" for found in page.found)


def test_what_is_forbidden_is_found() -> None:
    page = Inline()
    page.feed('<style>a{}</style><script>1</script><p style="x" onclick="y"><a href="javascript:z">')
    assert page.found == ["<style>", "<script>", "p style", "p onclick", "a javascript:z"]
    page = Inline()
    page.feed('<script src="a.js"></script><script type="application/json">{}</script><p class="style">')
    assert page.found == []


def test_what_is_refused_has_the_policy_too(client: Client) -> None:
    for answer in (client.get("/nothing/"), client.put("/"), client.get("/api/nothing"), client.get("/runs/0/")):
        assert answer.status_code >= 400
        assert policy_of(answer.headers["Content-Security-Policy"]) == STRICT
