"""The API's description as OpenAPI has it: what ninja does not know of bodies, errors and the whole."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from recognizer.web.api.schemas import Refusal, RequestBody

TITLE, VERSION = "Propis", "1"
ABOUT = """\
Reads handwritten Russian letters: one as strokes, as a picture or as the input of the network, or many at once.

Every refusal is JSON, `{"error": "one sentence"}`, in the language that `Accept-Language` asks for, English or Russian;
also where an address does not exist (404) or does not take a method (405). 429 and 503 say in `Retry-After` after how
many seconds to ask again.

There is no key. Where the site asks visitors to sign in, a program sends a token of a person's account with each
request: `Authorization: Bearer` and the token."""
WHOLE: dict[str, Any] = {
    "info": {"license": {"name": "MIT", "identifier": "MIT"}},
    "tags": [
        {"name": "reading", "description": "Letters are read; nothing of them is kept."},
        {"name": "drawings", "description": "Drawings that people donate, and delete again."},
    ],
}
LANGUAGE = {
    "name": "Accept-Language",
    "in": "header",
    "required": False,
    "description": "The language of refusals: `en` or `ru`.",
    "schema": {"type": "string", "examples": ["ru"]},
}
AGAIN = {"description": "Seconds after which to ask again.", "schema": {"type": "integer", "minimum": 1}}
SERVERS = [{"url": "/", "description": "The server that this description comes from."}]


def refusals(*statuses: int) -> dict[int, Any]:
    """Responses of an operation that are refusals."""
    return dict.fromkeys(statuses, Refusal)


MEANINGS = {
    200: "The answer.",
    201: "The drawing is kept.",
    400: "The body is not JSON, or not a form.",
    413: "Too many bytes.",
    415: "A body of another type; a file that is no picture, or a damaged one.",
    422: "Something is missing, too much or not what it should be; the sentence says where.",
    429: "Too many requests from this address.",
    503: "The server is busy, or has no model.",
}
"""What the statuses of the answers mean."""

REFUSALS = refusals(400, 413, 415, 422, 429, 503)
"""Of every operation that takes a body."""


def body(
    model: type[RequestBody] | None = None, *, form: type[RequestBody] | None = None, raw: Sequence[str] = ()
) -> dict[str, Any]:
    """What an operation takes: JSON of a model, a form, or bytes of these media types themselves."""
    content: dict[str, Any] = {}
    if model is not None:
        content["application/json"] = {"schema": {"$ref": _reference(model.__name__)}}
    if form is not None:
        content["multipart/form-data"] = {"schema": {"$ref": _reference(form.__name__)}}
    content |= {kind: {"schema": {"type": "string", "format": "binary"}} for kind in raw}
    return {"requestBody": {"required": True, "content": content}}


def complete(description: dict[str, Any], models: Sequence[type[BaseModel]]) -> None:
    """Add the models of bodies to a description, the header of the language, what statuses mean, when to ask again."""
    _references, definitions = models_json_schema(
        [(model, "validation") for model in models], ref_template=_reference("{model}")
    )
    description["components"]["schemas"] |= definitions["$defs"]
    for operations in description["paths"].values():
        for operation in operations.values():
            operation["parameters"].append(LANGUAGE)
            for status, response in operation["responses"].items():
                response["description"] = MEANINGS[int(status)]
                if int(status) in (429, 503):
                    response["headers"] = {"Retry-After": AGAIN}


def _reference(name: str) -> str:
    return f"#/components/schemas/{name}"
