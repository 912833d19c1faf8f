"""Filters of the pages of runs."""

from django import template
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from training.core.hyperparameters import Field
from training.runs.hyperparameter_terms import TERM_OF

register = template.Library()
MINUTE, HOUR, DAY = 60, 3600, 86400


@register.filter
def duration(seconds: float | None) -> str:
    """Write a time as a person would, in at most two units: 200 → “3 min 20 s”. None is a dash."""
    if seconds is None:
        return "—"
    if seconds < 10:
        return _("%(number)s s") % {"number": number_format(round(seconds, 1), 1)}
    whole = round(seconds)
    units = ((DAY, HOUR, _("d"), _("h")), (HOUR, MINUTE, _("h"), _("min")), (MINUTE, 1, _("min"), _("s")))
    for large, small, large_name, small_name in units:
        if whole >= large:
            return f"{whole // large} {large_name} {whole % large // small} {small_name}"
    return f"{whole} {_('s')}"


@register.simple_tag
def hyperparameter(field: Field) -> SafeString:
    """The name of a hyperparameter, which says on hover, focus or tap what it does (static/js/terms.js)."""
    address = f"{reverse('recognizer:glossary')}#{TERM_OF.get(field.name, 'hyperparameter')}"
    symbol = format_html(" <i>{}</i>", field.symbol) if field.symbol else ""
    term = format_html('<a class="term" href="{}" data-meaning="{}">{}</a>', address, _(field.help), _(field.label))
    return format_html("{}{}", term, symbol)


@register.filter
def twice(number: int) -> int:
    """Double a number: of epochs, for a longer training."""
    return 2 * number


@register.filter
def figure(value: float | None) -> str:
    """Write a cost or another figure with four significant digits. None is a dash."""
    return "—" if value is None else f"{value:.4g}"
