"""The page of the API has all that the contract has, and its examples run as they stand there."""

import ast
import html
import json
import re
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.test import Client
from django.utils import translation
from PIL import Image, ImageDraw

from recognizer.web.api import api
from recognizer.web.api.reference import contract
from recognizer.web.api.reference.contract import DescribedOperation
from recognizer.web.api.reference.examples import FILE
from recognizer.web.api.reference.texts import paragraphs
from tests.product import Product, need

DESCRIBED: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/")))
OPERATIONS = {
    operation["operationId"]: (address, method, operation)
    for address, methods in DESCRIBED["paths"].items()
    for method, operation in methods.items()
}
PARTS = re.compile(r'<article class="api-(?:operation|object)" id="(\w+)"(.*?)</article>', re.DOTALL)
SITE = "http://localhost:8000"


def draw_a_word(file: Path) -> None:
    """Three letters that stand apart, which can be read as a letter, as a word and as a page."""
    image = Image.new("L", (800, 500), 255)
    for x in (100, 300, 500):
        ImageDraw.Draw(image).line(((x, 320), (x, 180), (x + 90, 180)), fill=0, width=12)
    image.save(file)


def shown(operation: str, site: str = SITE) -> DescribedOperation:
    found = (each for group in contract.groups(DESCRIBED, site) for each in group.operations)
    return next(each for each in found if each.key == operation)


@pytest.fixture(scope="module", params=["en", "ru"])
def parts(request: pytest.FixtureRequest) -> dict[str, str]:
    """The page in one language: each operation's and object's part of it by its anchor."""
    page = Client(headers={"accept-language": request.param}).get("/api/docs").content.decode()
    return dict(PARTS.findall(page))


@pytest.mark.parametrize("key", OPERATIONS)
def test_an_operation_is_there_with_its_parameters_and_statuses(parts: dict[str, str], key: str) -> None:
    address, method, operation = OPERATIONS[key]
    part = parts[key]
    assert f"<b>{method.upper()}</b> {address}" in part
    fields = [each["name"] for each in operation["parameters"]]
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        assert f"<code>{kind}</code>" in part
        name = content["schema"].get("$ref", "").rpartition("/")[2]
        fields += DESCRIBED["components"]["schemas"].get(name, {}).get("properties", {})
    assert re.findall(r"<dt><code>([\w-]+)</code>", part) == fields
    assert re.findall(r"<dt>(\d+)</dt>", part) == list(operation["responses"])


def test_each_object_is_there_with_its_fields(parts: dict[str, str]) -> None:
    schemas = DESCRIBED["components"]["schemas"]
    assert set(parts) == {*OPERATIONS, *schemas}
    for name, schema in schemas.items():
        assert re.findall(r"<dt><code>(\w+)</code>", parts[name]) == list(schema["properties"])


def test_links_lead_to_what_is_there(parts: dict[str, str]) -> None:
    linked = {name for part in parts.values() for name in re.findall(r'href="#(\w+)"', part)}
    assert linked <= set(parts)
    assert {"RecognitionAnswer", "Refusal", "Guess"} <= linked


def test_each_text_of_it_is_said_in_russian() -> None:
    with translation.override("ru"):
        groups, components = contract.groups(DESCRIBED, SITE), contract.components(DESCRIBED)
    for operation in (each for group in groups for each in group.operations):
        for text in (operation.summary, *operation.about, *(each.about for each in operation.parameters)):
            assert re.search("[а-яё]", text), text
    for component in components:
        for text in (component.about, *(field.about for field in component.fields)):
            assert re.search("[а-яё]", text), f"{component.name}: {text}"


def test_limits_are_told() -> None:
    with translation.override("en"):
        fields = {each.name: each for each in shown("donate_drawing").bodies[0].fields}
    assert "list (1 … 200): list (1 … 5,000): [number, number, number]" in fields["strokes"].kind.replace("\u202f", ",")
    assert fields["strokes"].limits == ("\u22121\u202f000\u202f000 … 1\u202f000\u202f000", "at least 0")
    assert fields["code"].limits == ("characters: at most 40",)
    assert fields["letter"].limits == ("characters: 1",)
    assert (fields["letter"].is_required, fields["code"].is_required) == (True, False)


def test_code_stands_as_code_and_nothing_else_is_markup() -> None:
    assert paragraphs("One\nline.\n\nAnother `a<b`.") == ["One line.", "Another `a<b`."]
    with translation.override("en"):
        (text,) = shown("read_image").about
    assert text.endswith("the field <code>image</code> of a form.")


@pytest.mark.parametrize("key", OPERATIONS)
def test_an_answer_is_as_the_contract_says(key: str) -> None:
    schema = OPERATIONS[key][2]["responses"]
    content = schema["201" if "201" in schema else "200"]["content"]["application/json"]["schema"]
    jsonschema.validate(json.loads(shown(key).answer), {**content, "components": DESCRIBED["components"]})


@pytest.mark.processor_seconds(300)
@pytest.mark.xdist_group("api")
@pytest.mark.parametrize("program", ["curl", "python"])
def test_examples_run(site: Product, environment: dict[str, str], tmp_path: Path, program: str) -> None:
    need(program == "python" or shutil.which("curl") is not None, "curl")
    draw_a_word(tmp_path / FILE)
    with urllib.request.urlopen(f"{site.url}/api/docs", timeout=900) as answer:
        page = html.unescape(answer.read().decode())
    interpreter = ["sh", "-ec"] if program == "curl" else [sys.executable, "-c"]
    for key in OPERATIONS:
        code = getattr(shown(key, site.url), program)
        assert f"<code>{code}</code>" in page
        done = subprocess.run(
            [*interpreter, code],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
        assert done.returncode == 0, f"{key}: {done.stderr}"
        given = json.loads(done.stdout) if program == "curl" else ast.literal_eval(done.stdout)
        assert set(given) == set(json.loads(shown(key).answer)) | ({"preview"} & set(given)), key
