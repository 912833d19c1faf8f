"""Filters that write a device's figures."""

from typing import Any

from django import template
from django.template.defaultfilters import floatformat
from django.utils.formats import number_format

from training.devices.models import Precision
from training.devices.web import tables

register = template.Library()
register.filter("batch_words", tables.batch_words)


@register.filter
def precision_words(precision: str) -> str:
    """Write a precision in words."""
    return str(Precision(precision).label)


@register.filter
def sheet_value(value: Any) -> str:
    """Write a value of a sheet: numbers in the page's language, a dash for what is not known."""
    if value in ("", None):
        return "—"
    return str(number_format(f"{value:g}")) if isinstance(value, float) else str(value)


@register.filter
def times_as_long(ratio: float | None) -> str:
    """Write a ratio of times: 0.9331 → “× 0.933”. None is a dash."""
    if ratio is None:
        return "—"
    return f"×\u00a0{floatformat(ratio, 3 if ratio < 10 else 1)}"
