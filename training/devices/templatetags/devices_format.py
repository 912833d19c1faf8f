"""Filters that write a device's figures."""

from typing import Any

from django import template
from django.template.defaultfilters import floatformat

from training.devices import tables
from training.devices.measuring import PRECISION_NAMES

register = template.Library()
register.filter("batch_words", tables.batch_words)


@register.filter
def precision_words(precision: str) -> str:
    """Write a precision in words."""
    return PRECISION_NAMES.get(precision, precision)


@register.filter
def sheet_value(value: Any) -> str:
    """Write a value of a sheet: numbers in the page's language, at most one or two decimals, a dash for the unknown."""
    if value in ("", None):
        return "—"
    return floatformat(value, -2) if isinstance(value, float) else str(value)
