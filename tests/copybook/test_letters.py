"""The letters of the copybook: all there, named, joined where the pen is not lifted; the published JSON is theirs."""

import json

import jsonschema
import numpy as np
import pytest
from django.test import Client

from copybook import document
from copybook.alphabets import ALPHABETS, TableError, letters, read
from copybook.names import NAMES
from copybook.paths import paths
from recognizer.core.alphabet import RUSSIAN


@pytest.mark.parametrize("alphabet", ALPHABETS, ids=lambda alphabet: alphabet.name)
def test_an_alphabet_has_each_letter_once(alphabet: object) -> None:
    name = getattr(alphabet, "name", "")
    found = [each.letter for each in letters() if each.alphabet == name]

    assert "".join(found) == (RUSSIAN.lower() if name.endswith("small") else RUSSIAN)


def test_names_are_used_and_differ_within_a_letter() -> None:
    used = [[element.name for element in each.elements] for each in letters()]

    assert {name for names in used for name in names} == set(NAMES)
    assert all(len(names) == len(set(names)) for names in used)


def test_the_pen_goes_on_where_it_is_not_lifted() -> None:
    for each in letters():
        written = paths(each)
        for before, after, element in zip(written, written[1:], each.elements[1:], strict=False):
            assert not element.joined or np.allclose(before[-1], after[0]), (each.alphabet, each.letter)


def test_the_published_letters_are_those_of_the_tables_and_fit_their_schema() -> None:
    assert document.FILE.read_text(encoding="utf-8") == document.text(), "write it again: manage.py write_copybook"
    jsonschema.validate(json.loads(document.text()), json.loads(document.SCHEMA.read_text(encoding="utf-8")))


def test_letters_and_schema_are_sent_and_not_sent_twice(client: Client) -> None:
    answer = client.get("/copybook/letters.json")

    assert answer.json() == document.document()
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert client.get("/copybook/letters.json", HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 304
    assert client.get("/copybook/letters.schema.json")["Content-Type"] == "application/schema+json"


@pytest.mark.parametrize(
    "line", ["А", "А bar", "А nothing 0,0 1,1", "А bar 0,0", "А = Б | bar 0,0 1,1", "А bar 0,0 1,1 & stem 2,2 3,3"]
)
def test_a_bad_line_is_named(line: str) -> None:
    with pytest.raises(TableError, match="printed_capital, line 2: "):
        read("printed_capital", f"# head\n{line}", [])
