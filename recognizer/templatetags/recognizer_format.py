"""Filters that write numbers."""

from django import template
from django.template.defaultfilters import floatformat
from django.utils.translation import get_language, gettext

register = template.Library()


@register.filter
def percent(share: float | None, digits: int = 1) -> str:
    """Write a share of 1 as per cent in the page's language: 0.9531 → “95.3%” or “95,3 %”. None is a dash."""
    if share is None:
        return "—"
    space = "\u00a0" if (get_language() or "").startswith("ru") else ""
    return f"{floatformat(share * 100, digits)}{space}%"


@register.filter
def translated(text: str) -> str:
    """Say a text in the page's language. Unlike the tag `translate` it finds texts with a per cent sign too."""
    return gettext(text)


@register.filter
def grouped(number: int) -> str:
    """Write a whole number with its thousands apart by a narrow space, as both languages read it: 1 234 567."""
    return f"{number:,}".replace(",", "\u202f")


@register.simple_tag
def piece(left: int, top: int, side: int) -> str:
    """Write the viewBox of one square picture of a sheet.

    It is half a pixel less on each side: a browser that smooths would show the edge of the next picture.
    """
    return f"{left + 0.5} {top + 0.5} {side - 1} {side - 1}"
