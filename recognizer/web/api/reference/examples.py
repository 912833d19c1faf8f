"""Examples of the page: values as the description's examples have them, and programs that run as they stand.

`tests/api/test_reference.py` runs each of them against a server.
"""

import json
from collections.abc import Mapping
from typing import Any

from recognizer.web.api.reference.kinds import Schema, name_of
from recognizer.web.api.schemas import L_SHAPE

FILE = "picture.png"
"""The file that examples send; it is the reader's own."""
JSON = "application/json"
PRINT = "print(json.load(answer))"
ASK_AGAIN = 'body = json.dumps({"input": json.load(answer)["input"]}).encode()'
_HEADER = "-H 'Content-Type: application/json'"
_STROKES = json.dumps({"strokes": L_SHAPE})


def value_of(schema: Schema, components: Mapping[str, Any]) -> Any:
    """An example of a value: the schema's own, or one that is put together from what is inside it."""
    schema = components[name] if (name := name_of(schema)) else schema
    if examples := schema.get("examples"):
        return examples[0]
    if "properties" in schema:
        required = schema.get("required", ())
        return {key: value_of(each, components) for key, each in schema["properties"].items() if key in required}
    if choices := schema.get("anyOf"):
        return value_of(choices[0], components)
    if schema.get("type") == "array":
        return [value_of(schema["items"], components)]
    if "const" in schema:
        return schema["const"]
    return "…" if schema.get("contentEncoding") else schema["default"]


def curl(address: str, site: str, content: Mapping[str, Any], components: Mapping[str, Any]) -> str:
    """An operation on the command line. Where it takes an input, one is made by a reading of strokes."""
    if not content:
        return f"curl -s {site}{address}"
    if JSON not in content:
        return f"curl -s {site}{address} \\\n  -H 'Content-Type: image/png' --data-binary @{FILE}"
    value = value_of(content[JSON]["schema"], components)
    if "input" in value:
        return (
            f"curl -s {site}/api/recognize \\\n  {_HEADER} \\\n  -d '{_STROKES}' |\n"
            """  sed 's/.*\\("input": *"[^"]*"\\).*/{\\1}/' |\n"""
            f"  curl -s {site}{address} \\\n    {_HEADER} -d @-"
        )
    return f"curl -s {site}{address} \\\n  {_HEADER} \\\n  -d '{json.dumps(value, ensure_ascii=False)}'"


def python(address: str, site: str, content: Mapping[str, Any], components: Mapping[str, Any]) -> str:
    """The same in Python, with its standard library alone."""
    if not content:
        return _program(_asked(f'"{site}{address}"'))
    if JSON not in content:
        return _program(f'body = Path("{FILE}").read_bytes()', _sent(address, site, "image/png"))
    value = value_of(content[JSON]["schema"], components)
    if "input" in value:
        reading = _sent("/api/recognize", site, JSON, ASK_AGAIN)
        return _program(f'body = json.dumps({{"strokes": {L_SHAPE}}}).encode()', reading, _sent(address, site, JSON))
    return _program(f"body = json.dumps({value!r}).encode()", _sent(address, site, JSON))


def _sent(address: str, site: str, kind: str, then: str = PRINT) -> str:
    request = f'headers = {{"Content-Type": "{kind}"}}\nrequest = Request("{site}{address}", body, headers)'
    return f"{request}\n{_asked('request', then)}"


def _asked(what: str, then: str = PRINT) -> str:
    return f"with urlopen({what}) as answer:\n    {then}"


def _program(*parts: str) -> str:
    """Some code, with the imports that it needs."""
    code = "\n".join(parts)
    names = [name for name in ("Request", "urlopen") if f"{name}(" in code]
    path = "from pathlib import Path\n" if "Path(" in code else ""
    return f"import json\n{path}from urllib.request import {', '.join(names)}\n\n{code}"
