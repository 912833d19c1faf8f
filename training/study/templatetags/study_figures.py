"""Filters of the study's figures and tables."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.urls import reverse

from training.study.illustrations.code_places import place_of

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
