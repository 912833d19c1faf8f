"""JSON schemas in words: what kind of value it is, and within which limits."""

from collections.abc import Mapping
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

Schema = Mapping[str, Any]


def name_of(schema: Schema) -> str:
    """The name of the component that a schema refers to, or nothing."""
    return str(schema.get("$ref", "")).rpartition("/")[2]


def kind_of(schema: Schema) -> SafeString:
    """What a value is, with links to the components that it is made of."""
    if name := name_of(schema):
        return format_html('<a href="#{}"><code>{}</code></a>', name, name)
    if "const" in schema:
        return format_html("<code>{}</code>", str(schema["const"]).lower())
    if choices := schema.get("anyOf"):
        return _joined(f" {_('or')} ", choices)
    if places := schema.get("prefixItems"):
        return format_html("[{}]", _joined(", ", places))
    if schema.get("type") == "array":
        count = between(schema.get("minItems"), schema.get("maxItems"))
        return format_html("{}{}: {}", _("list"), f" ({count})" if count else "", kind_of(schema["items"]))
    return SafeString(_plain(schema))


def limits_of(schema: Schema) -> list[str]:
    """Within which limits a value must be; those of what is inside it, too."""
    found = []
    if value := between(schema.get("minLength"), schema.get("maxLength")):
        found.append(_("characters: %(count)s") % {"count": value})
    least, most = schema.get("minimum"), schema.get("maximum")
    if value := between(least, most):
        found.append(value)
    if (end := schema.get("exclusiveMaximum")) is not None:
        found.append(_("less than %(number)s") % {"number": _number(end)})
    items = (schema["items"],) if "items" in schema else ()
    for inside in (*schema.get("anyOf", ()), *schema.get("prefixItems", ()), *items):
        found += [each for each in limits_of(inside) if each not in found]
    return found


def between(least: float | None, most: float | None) -> str:
    """A range in figures: “1–200”, “at least 1”, or nothing."""
    if least is None and most is None:
        return ""
    if most is None:
        return _("at least %(number)s") % {"number": _number(least or 0)}
    if least is None:
        return _("at most %(number)s") % {"number": _number(most)}
    return _number(least) if least == most else f"{_number(least)} … {_number(most)}"


def default_of(schema: Schema) -> str | None:
    """What holds where nothing is sent, as JSON has it; None where nothing does."""
    default = schema.get("default")
    return None if default in (None, "") else str(default).lower()


def _joined(between_them: str, schemas: list[Schema]) -> SafeString:
    return format_html_join(between_them, "{}", ((kind_of(each),) for each in schemas))


def _plain(schema: Schema) -> str:
    if schema.get("format") == "binary":
        return _("file")
    if schema.get("contentEncoding") == "base64":
        return _("text in base64")
    return {
        "string": _("text"),
        "number": _("number"),
        "integer": _("whole number"),
        "boolean": _("yes or no"),
        "null": "null",
        "object": _("object"),
    }[schema["type"]]


def _number(number: float) -> str:
    if not float(number).is_integer():
        return str(number)
    return f"{int(number):,}".replace(",", "\u202f").replace("-", "\u2212")
