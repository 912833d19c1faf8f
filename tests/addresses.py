"""Every address of the site, from the resolver itself: what is added later is among them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from tests import world

PARAMETER = re.compile(r"<(?:\w+:)?(?P<plain>\w+)>|\(\?P<(?P<named>\w+)>[^)]*\)")
"""A parameter of `path` or of `re_path`."""
PARAMETERS = {
    "kind": "csv", "name": "weights", "file_format": "svg", "action": "cancel", "form": "images", "token": "x",
    "sha256": "0" * 64, "release": "0", "digest": "0", "language": "ru", "page": "draw",
    "what": "size", "export_format": "npz", "app_label": "runs", "url": "nothing/", "content_type_id": "1",
    "code": "A2A2-B2B2", "number": "1",
}  # fmt: skip
"""Values of parameters that are no keys of rows."""
PARAMETERS_OF = {"runs:chart": {"kind": "cost"}, "study:source": {"path": "training/core/loop.py"}}


@dataclass(frozen=True)
class Address:
    """One address: its name with its namespace, and its pattern from the root."""

    name: str
    pattern: str

    @property
    def section(self) -> str:
        """The app whose address it is; those of the admin apart."""
        namespace, _colon, name = self.name.rpartition(":")
        return f"{namespace} {name.partition('_')[0]}" if namespace == "admin" else namespace

    def url(self, values: Mapping[str, Any]) -> str:
        """Fill in its parameters; one that has no value fails, so that a new one is thought of."""

        def value(found: re.Match[str]) -> str:
            return str(values[found["plain"] or found["named"]])

        return "/" + re.sub(r"[\^$\\]", "", PARAMETER.sub(value, self.pattern))

    def to_a_row(self) -> str:
        """Fill in its parameters so that it leads to a row that is there."""
        key = world.key_of(self.name)
        return self.url({"pk": key, "object_id": key, "id": key, **PARAMETERS, **PARAMETERS_OF.get(self.name, {})})


def addresses() -> list[Address]:
    """List every address once."""
    return list(dict.fromkeys(_below(get_resolver(), "", "")))


def sections() -> list[str]:
    """The sections of all addresses."""
    return sorted({address.section for address in addresses()})


def _below(resolver: URLResolver, namespace: str, prefix: str) -> Iterator[Address]:
    for each in resolver.url_patterns:
        pattern = f"{prefix}{each.pattern}"
        if isinstance(each, URLPattern):
            yield Address(f"{namespace}{each.name}", pattern)
        else:
            yield from _below(each, f"{namespace}{each.namespace}:" if each.namespace else namespace, pattern)
