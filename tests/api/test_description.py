"""The API's description: what generators of clients and readers of /api/docs need."""

import json
from pathlib import Path
from typing import Any

import pytest

from recognizer.web.api import api


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    """The description."""
    found: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/")))
    return found


def operations(described: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["operationId"]: each for path in described["paths"].values() for each in path.values()}


def test_operations_are_named_as_functions(described: dict[str, Any]) -> None:
    assert sorted(operations(described)) == [
        "delete_drawings", "donate_drawing", "find_nearest", "get_model", "read_batch", "read_image",
        "read_input", "read_page", "read_strokes", "read_word", "read_word_image",
    ]  # fmt: skip


def test_the_whole_is_described(described: dict[str, Any]) -> None:
    assert described["info"]["license"] == {"name": "MIT", "identifier": "MIT"}
    assert described["servers"][0]["url"] == "/"
    tags = {tag["name"] for tag in described["tags"]}
    for operation in operations(described).values():
        assert set(operation["tags"]) <= tags
        assert operation["summary"]
        assert operation["description"]


def test_every_reference_is_there_and_every_component_is_used(described: dict[str, Any]) -> None:
    text = json.dumps(described)
    names = set(described["components"]["schemas"])
    used = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert used == names


def test_every_refusal_has_one_form(described: dict[str, Any]) -> None:
    for operation in operations(described).values():
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                schema = response["content"]["application/json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/Refusal"}
            if status in ("429", "503"):
                assert "Retry-After" in response["headers"]


def test_bodies_have_examples(described: dict[str, Any]) -> None:
    schemas = described["components"]["schemas"]
    for name, field in (("DrawnLetter", "strokes"), ("LetterBatch", "letters"), ("Donation", "strokes")):
        assert schemas[name]["properties"][field]["examples"]
        assert schemas[name]["additionalProperties"] is False


def test_the_document_is_the_same_from_the_server(description: Path, described: dict[str, Any]) -> None:
    assert json.loads(description.read_text(encoding="utf-8")) == described
