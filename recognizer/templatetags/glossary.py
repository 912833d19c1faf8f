"""Terms in templates: a dotted underline, and a sentence on hover, focus or tap (static/js/terms.js)."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from recognizer.web.terms import TERMS

register = template.Library()


@register.simple_tag
def term(key: str, text: Any = "") -> SafeString:
    """Write a term so that it explains itself; `text` is how it is written here, if not as in the glossary.

    Raises:
        KeyError: the glossary has no such term.

    """
    found = TERMS[key]
    address = f"{reverse('recognizer:glossary')}#{key}"
    return format_html(
        '<a class="term" href="{}" data-meaning="{}">{}</a>', address, found.sentence, text or found.word
    )


@register.filter
def explained(text: Any, key: str) -> SafeString:
    """Write a text as the term of that key; as it is where the key is empty."""
    return term(key, text) if key else format_html("{}", text)
