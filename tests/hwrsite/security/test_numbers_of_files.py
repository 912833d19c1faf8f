"""An address takes one file, and those take several whose form does: asked of every address of the resolver."""

from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.test import Client, RequestFactory

from accounts.models import User
from hwrsite.settings import DATA_UPLOAD_MAX_NUMBER_FILES
from hwrsite.uploads import TAKE_SEVERAL, most_files
from tests.addresses import addresses
from tests.hwrsite.rights.conftest import few_rows as few_rows

pytestmark = [pytest.mark.django_db, pytest.mark.processor_seconds(180)]
TOO_LARGE = 413


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that are kept of a request."""
    names: list[str] = []
    keep = MemoryFileUploadHandler.new_file

    def new_file(handler: MemoryFileUploadHandler, *arguments: Any, **options: Any) -> None:
        names.append(arguments[1])
        keep(handler, *arguments, **options)

    monkeypatch.setattr(MemoryFileUploadHandler, "new_file", new_file)
    return names


def _sent(client: Client, url: str, count: int) -> int:
    """The status of an answer to a form with so many files, which has its token."""
    token = client.cookies["csrftoken"].value
    files = [SimpleUploadedFile(f"{number}.png", b"no picture") for number in range(count)]
    return int(client.post(url, {"csrfmiddlewaretoken": token, "image": files}).status_code)


def _administrator() -> Client:
    """Somebody who may send everything, and whose token is looked for as a browser's is."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.get("/account/sign-in/")  # its form brings the token
    client.force_login(User.objects.create_superuser("administrator"))
    return client


def test_no_address_keeps_more_files_than_its_form_takes(kept: list[str]) -> None:
    client = _administrator()
    wrong, asked = [], 0
    for address in addresses():
        if address.name in (*TAKE_SEVERAL, "admin:logout", "account:sign_out"):
            continue
        kept.clear()
        status = _sent(client, address.to_a_row(), 2)
        asked += len(kept)
        if len(kept) > 1 or (kept and status != TOO_LARGE):
            wrong.append(f"{address.name}: {len(kept)} files, answered {status}")
    assert not wrong, "\n".join(wrong)
    assert asked > len(addresses()) / 2, "the other addresses never look at what is sent"


def test_those_that_take_several_are_those_with_such_a_field(kept: list[str]) -> None:
    assert {address.name for address in addresses()} >= set(TAKE_SEVERAL)
    client = _administrator()
    for address in addresses():
        if address.name in TAKE_SEVERAL:
            assert _sent(client, address.to_a_row(), 3) != TOO_LARGE
            assert len(kept) == 3
            assert _sent(client, address.to_a_row(), DATA_UPLOAD_MAX_NUMBER_FILES + 1) == TOO_LARGE


def test_a_form_with_a_field_of_several_files_has_an_address_that_takes_them() -> None:
    several = [kind for kind in _kinds_of(forms.ClearableFileInput) if getattr(kind, "allow_multiple_selected", False)]
    assert len(several) == len(TAKE_SEVERAL), "a new field of several files needs its address in TAKE_SEVERAL"


def _kinds_of(kind: type[Any]) -> Iterator[type[Any]]:
    for below in kind.__subclasses__():
        yield below
        yield from _kinds_of(below)


def test_an_address_that_is_not_there_takes_one() -> None:
    assert most_files(RequestFactory().post("/nothing/")) == 1
