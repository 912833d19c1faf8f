"""Whatever is refused at whichever address of the API: one sentence in JSON, in the language that is asked for.

The addresses are those that the resolver has, so that a new one is held to it, too.
"""

import itertools
import re
import secrets
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django import Settings

from recognizer.web import limits
from recognizer.web.api import api
from tests.rates import allow_in_an_hour

DESCRIBED: dict[str, dict[str, Any]] = api.get_openapi_schema(path_prefix="/api/")["paths"]
FORM = "multipart/form-data; boundary=b"


def newcomer() -> str:
    """The address of a visitor of whom nothing is counted yet, in no process of the tests."""
    return f"198.18.{secrets.randbelow(256)}.{secrets.randbelow(256)}"


def addresses() -> Iterator[str]:
    """Every address of the API."""
    for part in get_resolver().url_patterns:
        if isinstance(part, URLResolver) and part.namespace == "api":
            for each in part.url_patterns:
                assert isinstance(each, URLPattern)
                yield f"/{part.pattern}{each.pattern}"


ADDRESSES = sorted(addresses())
TAKING = [address for address in ADDRESSES if "post" in DESCRIBED.get(address, {})]
"""Those that take a body."""
THROTTLES = [each for name, rate in vars(limits).items() if name.endswith("_RATE") for each in rate]
Ask = Callable[..., Any]


@pytest.fixture(params=["en", "ru"])
def refused(request: pytest.FixtureRequest, client: Client) -> Ask:
    """Ask in a language for what is refused; checks the refusal, and gives the answer."""

    def ask(method: str, address: str, body: bytes = b"", kind: str = "", *, status: int, visitor: str = "") -> Any:
        headers = {"accept-language": request.param}
        answer = client.generic(
            method, address, body, content_type=kind, headers=headers, REMOTE_ADDR=visitor or newcomer()
        )
        assert answer.status_code == status, f"{answer.status_code}: {answer.text[:200]}"
        assert answer.headers["Content-Type"].startswith("application/json")
        assert answer.headers["Content-Language"] == request.param
        if method != "HEAD":
            assert list(answer.json()) == ["error"]
            assert bool(re.search("[а-яё]{3}", answer.json()["error"])) == (request.param == "ru")
        return answer

    return ask


def kinds(address: str) -> list[str]:
    """The types of bodies that an address takes."""
    return list(DESCRIBED[address]["post"]["requestBody"]["content"])


def test_every_address_is_described_or_shows_the_description() -> None:
    assert set(ADDRESSES) - set(DESCRIBED) == {"/api/", "/api/docs", "/api/openapi.json"}
    assert set(DESCRIBED) <= set(ADDRESSES)
    assert len(TAKING) >= 6


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_is_beside_it(refused: Ask, address: str) -> None:
    for method, end in itertools.product(("GET", "POST", "DELETE"), ("nothing", "x/../y", "%00")):
        refused(method, f"{address.rstrip('/')}/{end}", status=404)


@pytest.mark.parametrize("address", sorted(DESCRIBED))
def test_other_methods(refused: Ask, address: str) -> None:
    mine = {method.upper() for method in DESCRIBED[address]}
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "BREW"} - mine:
        answer = refused(method, address, status=405)
        assert {each.strip() for each in answer.headers["Allow"].split(",")} == mine


@pytest.mark.parametrize("address", TAKING)
@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "application/x-www-form-urlencoded", ""])
def test_a_body_of_another_type(refused: Ask, address: str, kind: str) -> None:
    refused("POST", address, b"x=1", kind, status=415)


@pytest.mark.parametrize("address", TAKING)
def test_a_body_that_is_too_large(refused: Ask, address: str, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    settings.PROPIS_LIMITS = settings.PROPIS_LIMITS | {
        name: 1000 for name in settings.PROPIS_LIMITS if name.endswith("_bytes")
    }
    for kind in kinds(address):
        head = b'--b\r\nContent-Disposition: form-data; name="image"; filename="x.png"\r\n\r\n'
        body = b" " * 2000
        form = head + body + b"\r\n--b--\r\n"
        is_form = kind.startswith("multipart")
        refused("POST", address, form if is_form else body, FORM if is_form else kind, status=413)


@pytest.mark.parametrize("address", TAKING)
def test_a_body_that_is_not_what_its_type_says(refused: Ask, address: str) -> None:
    for kind in {"application/json", "multipart/form-data"} & set(kinds(address)):
        refused("POST", address, b"{", kind, status=400)  # a form without a boundary is none


@pytest.mark.parametrize("address", TAKING)
@pytest.mark.django_db
def test_a_visitor_who_asks_too_often(refused: Ask, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    allow_in_an_hour(monkeypatch, 1, THROTTLES)
    visitor = newcomer()
    refused("POST", address, b"x", "text/plain", status=415, visitor=visitor)
    answer = refused("POST", address, b"x", "text/plain", status=429, visitor=visitor)
    assert 1 <= int(answer.headers["Retry-After"]) <= 3600
