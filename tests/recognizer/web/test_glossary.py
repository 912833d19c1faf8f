"""The glossary has every term that a page explains; its sections of the thesis are there with their pages."""

import re
from pathlib import Path

import pytest
from django.template import Context, Template
from django.test import Client

from recognizer.web import terms
from training.core.hyperparameters import FIELDS
from training.runs.hyperparameter_terms import TERM_OF

ROOT = Path(__file__).resolve().parents[3]
TAG = re.compile(r'{% term "([\w-]+)"')


def test_every_term_of_a_template_is_in_the_glossary() -> None:
    used = {key for path in (ROOT / "templates").rglob("*.html") for key in TAG.findall(path.read_text("utf-8"))}
    assert len(used) > 10
    assert used <= set(terms.TERMS)


def test_every_hyperparameter_that_has_a_term_is_there() -> None:
    assert set(TERM_OF) <= set(FIELDS)
    assert set(TERM_OF.values()) <= set(terms.TERMS)


def test_no_key_occurs_twice_and_each_section_has_its_page() -> None:
    assert len(terms.TERMS) == sum(len(group.terms) for group in terms.GROUPS)
    assert all(term.page for term in terms.TERMS.values() if term.section)


@pytest.mark.django_db
def test_the_page_has_an_anchor_for_each(client: Client) -> None:
    page = client.get("/glossary/").text
    assert [key for key in terms.TERMS if f'id="{key}"' not in page] == []
    assert "thesis, section 2.7, p. 41" in page


def test_a_term_links_to_its_place_and_carries_its_meaning() -> None:
    written = Template('{% load glossary %}{% term "epoch" word %}').render(Context({"word": "<b>epochs</b>"}))
    assert 'href="/glossary/#epoch"' in written
    assert 'data-meaning="One pass over all training pictures."' in written
    assert "&lt;b&gt;epochs" in written
    with pytest.raises(KeyError):
        Template('{% load glossary %}{% term "nothing" %}').render(Context())
