"""Filters that write a device's figures."""

from typing import Any

from django import template
from django.template.defaultfilters import floatformat
from django.utils.dateparse import parse_date
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from recognizer.templatetags.recognizer_format import percent
from training.devices.models import Precision
from training.devices.web import tables
from training.devices.web.browsers import rows

register = template.Library()
MILLISECOND = 1000.0
"""In microseconds."""
register.filter("batch_words", tables.batch_words)


@register.filter
def precision_words(precision: str) -> str:
    """Write a precision in words."""
    return str(Precision(precision).label)


@register.filter
def backend_words(backend: str) -> str:
    """Write a backend as people do."""
    return rows.WORDS.get(backend, backend)


@register.filter
def sheet_value(value: Any) -> str:
    """Write a value of a sheet: numbers in the page's language, a dash for what is not known."""
    if value in ("", None):
        return "—"
    return str(number_format(f"{value:g}")) if isinstance(value, float) else str(value)


@register.filter
def in_microseconds(seconds: float) -> str:
    """Write seconds as microseconds."""
    return str(floatformat(seconds * 1e6, 1))


@register.filter
def in_milliseconds(seconds: float) -> str:
    """Write seconds as milliseconds."""
    return str(floatformat(seconds * 1e3, -3))


@register.filter
def between(span: tuple[float, float]) -> str:
    """Write the least and the most of a ratio: “(0.91 … 1.04)”."""
    return f"({floatformat(span[0], 2)}\u00a0… {floatformat(span[1], 2)})"


@register.filter
def signed_percent(share: float | None) -> str:
    """Write a change: 0.08 → “+8.0%”, −0.02 → “−2.0%”. None is a dash."""
    if share is None:
        return "—"
    return ("+" if share >= 0 else "−") + percent(abs(share))


@register.filter
def percent_width(share: float) -> str:
    """Write a share as a width of SVG: 0.0431 → “4.31%”, in every language."""
    return f"{100 * share:.2f}%"


@register.filter
def times_as_long(ratio: float | None) -> str:
    """Write a ratio of times: 0.9331 → “× 0.933”. None is a dash."""
    if ratio is None:
        return "—"
    return f"×\u00a0{floatformat(ratio, 3 if ratio < 10 else 1)}"


@register.filter
def microseconds(value: float | None) -> str:
    """Write a time with its unit: 12.34 → “12.3 µs”, 61973 → “62.0 ms”. None is a dash."""
    if value is None:
        return "—"
    if value < MILLISECOND:
        return f"{floatformat(value, 1)}\u00a0{_('µs')}"
    return f"{floatformat(value / MILLISECOND, 1)}\u00a0{_('ms')}"


@register.filter
def iso_date(day: str) -> str:
    """Write a day such as 2026-11-29 in the page's language."""
    found = parse_date(day)
    return day if found is None else date_format(found)
