"""The description, an operation or component at a time, as the page shows it in the language of whoever reads it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from recognizer.web.api.reference import examples
from recognizer.web.api.reference.kinds import Schema, default_of, kind_of, limits_of, name_of
from recognizer.web.api.reference.texts import in_a_line, said

Described = Mapping[str, Any]


@dataclass(frozen=True)
class Value:
    """A parameter, or a field of a body: its name, what it is, and what it may be."""

    name: str
    place: str
    kind: SafeString
    is_required: bool
    limits: tuple[str, ...]
    default: str | None
    about: SafeString


@dataclass(frozen=True)
class Body:
    """What an operation takes as one of these media types, with its fields; a file's bytes have none."""

    media_types: tuple[str, ...]
    about: SafeString
    fields: tuple[Value, ...]


@dataclass(frozen=True)
class Status:
    """A status of an answer, what it means, the component that comes with it, and the headers."""

    number: int
    about: SafeString
    component: str
    headers: tuple[str, ...]


@dataclass(frozen=True)
class DescribedOperation:
    """What one method of one address does."""

    key: str
    method: str
    address: str
    summary: SafeString
    about: tuple[SafeString, ...]
    parameters: tuple[Value, ...]
    bodies: tuple[Body, ...]
    statuses: tuple[Status, ...]
    curl: str
    python: str
    answer: str


@dataclass(frozen=True)
class Component:
    """An object that operations take or give."""

    name: str
    about: SafeString
    fields: tuple[Value, ...]


@dataclass(frozen=True)
class OperationGroup:
    """The operations of one tag."""

    key: str
    about: SafeString
    operations: tuple[DescribedOperation, ...]


def groups(described: Described, site: str) -> list[OperationGroup]:
    """All operations by their tags; `site` is the server's address, which the examples call."""
    found = [_operation(described, *each, site) for each in _operations(described)]
    return [
        OperationGroup(
            tag["name"],
            in_a_line(tag["description"]),
            tuple(each for tags, each in found if tag["name"] in tags),
        )
        for tag in described["tags"]
    ]


def components(described: Described) -> list[Component]:
    """All objects, in the order of their names."""
    schemas = described["components"]["schemas"]
    return [
        Component(name, in_a_line(schema.get("description", "")), _fields(schema))
        for name, schema in sorted(schemas.items())
    ]


def _operations(described: Described) -> Iterator[tuple[str, str, Described]]:
    for address, methods in described["paths"].items():
        for method, operation in methods.items():
            yield address, method, operation


def _operation(
    described: Described, address: str, method: str, operation: Described, site: str
) -> tuple[list[str], DescribedOperation]:
    schemas = described["components"]["schemas"]
    content = operation.get("requestBody", {}).get("content", {})
    statuses = tuple(_status(int(number), each) for number, each in operation["responses"].items())
    answer = examples.value_of({"$ref": f"/{statuses[0].component}"}, schemas)
    return operation["tags"], DescribedOperation(
        key=operation["operationId"],
        method=method.upper(),
        address=address,
        summary=in_a_line(operation["summary"]),
        about=tuple(said(operation["description"])),
        parameters=tuple(_parameter(each) for each in operation["parameters"]),
        bodies=tuple(_bodies(content, schemas)),
        statuses=statuses,
        curl=examples.curl(address, site, content, schemas),
        python=examples.python(address, site, content, schemas),
        answer=json.dumps(answer, ensure_ascii=False, indent=2),
    )


def _parameter(parameter: Described) -> Value:
    schema = parameter["schema"]
    place = {"query": _("in the address"), "header": _("header")}[parameter["in"]]
    about = parameter.get("description", "")
    return _value(parameter["name"], schema, place=place, about=about, is_required=parameter["required"])


def _bodies(content: Described, schemas: Described) -> Iterator[Body]:
    """What is described by a component, and after it, together, the types that are bytes."""
    for kind, each in content.items():
        if component := schemas.get(name_of(each["schema"])):
            yield Body((kind,), in_a_line(component.get("description", "")), _fields(component))
    if files := tuple(kind for kind, each in content.items() if not name_of(each["schema"])):
        yield Body(files, SafeString(_("The bytes of the file themselves.")), ())


def _fields(schema: Schema) -> tuple[Value, ...]:
    required = schema.get("required", ())
    return tuple(
        _value(name, each, about=each.get("description", ""), is_required=name in required)
        for name, each in schema.get("properties", {}).items()
    )


def _value(name: str, schema: Schema, *, about: str, is_required: bool, place: str = "") -> Value:
    limits = tuple(limits_of(schema))
    return Value(name, place, kind_of(schema), is_required, limits, default_of(schema), in_a_line(about))


def _status(number: int, response: Described) -> Status:
    schema = response["content"]["application/json"]["schema"]
    headers = tuple(response.get("headers", {}))
    return Status(number, in_a_line(response["description"]), name_of(schema), headers)
