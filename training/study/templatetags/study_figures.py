"""Filters of the study's figures and tables."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.urls import reverse

from training.study.illustrations.code_places import place_of
from training.study.templatetags.study_format import points

register = template.Library()


@register.filter
def code_address(name: str) -> str:
    """Where the page shows the code of a dotted name."""
    place = place_of(name)
    return f"{reverse('study:source', args=[place.path])}#line-{place.line}"


@register.filter
def named(items: Mapping[str, Any], key: str) -> Any:
    """The item of a name."""
    return items[key]


@register.filter
def total(seconds: Sequence[float]) -> str:
    """Write the sum of some seconds, rounded."""
    return f"{sum(seconds):.0f}"


@register.filter
def as_percent(share: float | None) -> str:
    """Write a share 0…1 as `points` writes per cent."""
    return points(None if share is None else 100 * share)
