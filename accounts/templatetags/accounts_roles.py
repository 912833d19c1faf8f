"""Roles in words."""

from django import template

from accounts.roles import NAMES

register = template.Library()


@register.filter
def role_name(role: str) -> str:
    """A role's name in the page's language."""
    return str(NAMES.get(role, role))
