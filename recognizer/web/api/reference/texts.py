"""The description's own texts, which are English in the document and translated on the page."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

TEXTS = ("summary", "description")
CODE = re.compile("`([^`]+)`")


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, each on one line: these are what is translated."""
    return [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]


def said(text: str) -> list[SafeString]:
    """The paragraphs of a text in the page's language, with what stands in backticks as code."""
    return [_marked(gettext(each)) for each in paragraphs(text)]


def in_a_line(text: str) -> SafeString:
    """A short text as `said` has it, in one line."""
    return format_html_join(" ", "{}", ((each,) for each in said(text)))


def collect(description: Mapping[str, Any]) -> Iterator[str]:
    """Every paragraph of an API's description that the page says."""
    for part in ("info", "tags", "paths", "components"):
        yield from _below(description[part])


def _below(described: Any) -> Iterator[str]:
    """The paragraphs of summaries and descriptions, at any depth."""
    if isinstance(described, dict):
        for name, each in described.items():
            yield from paragraphs(each) if name in TEXTS and isinstance(each, str) else _below(each)
    elif isinstance(described, list):
        for each in described:
            yield from _below(each)


def _marked(text: str) -> SafeString:
    return mark_safe(CODE.sub(r"<code>\1</code>", escape(text)))  # noqa: S308  (escaped just before)
