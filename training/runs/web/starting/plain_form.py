"""A form of the admin on a public page: the same fields with Django's own widgets."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.widgets import ChoiceWidget


def make_plain(form: forms.BaseForm) -> None:
    """Give each field the widget that its admin's widget stands for."""
    for field in form.fields.values():
        field.widget = _plain(field.widget)


def _plain(widget: Any) -> forms.Widget:
    kind = next(each for each in type(widget).__mro__ if each.__module__ == "django.forms.widgets")
    made: forms.Widget = kind(attrs={name: value for name, value in widget.attrs.items() if name != "class"})
    if isinstance(made, ChoiceWidget):
        made.choices = widget.choices
    made.is_required = widget.is_required
    return made


def section(form: forms.BaseForm, title: Any, names: Iterable[str]) -> tuple[Any, list[BoundField], bool]:
    """A part of a page's form: its title, its fields, and whether something in it is wrong, so that it is open."""
    fields = [form[name] for name in names]
    return title, fields, any(field.errors for field in fields)
