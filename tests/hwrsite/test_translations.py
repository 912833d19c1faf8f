"""Every text has its Russian, with the same placeholders and tags, and the page speaks it."""

import re
from pathlib import Path

import polib
import pytest
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

from training.core.hyperparameters import FIELDS

ROOT = Path(__file__).resolve().parents[2]
RUSSIAN = polib.pofile(str(ROOT / "locale" / "ru" / "LC_MESSAGES" / "django.po"))
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|</?\w+[^>]*>")


def test_nothing_is_left_untranslated() -> None:
    missing = [entry.msgid for entry in RUSSIAN if not entry.translated() or entry.fuzzy]
    assert missing == []


def test_each_number_has_its_form() -> None:
    [forms] = re.findall(r"nplurals=(\d)", RUSSIAN.metadata["Plural-Forms"])
    counted = [entry for entry in RUSSIAN if entry.msgid_plural]
    assert counted
    assert [entry.msgid for entry in counted if sorted(entry.msgstr_plural) != list(range(int(forms)))] == []


def test_placeholders_are_kept() -> None:
    pairs = [
        (source, target)
        for entry in RUSSIAN
        for source, target in [
            (entry.msgid, entry.msgstr),
            *((entry.msgid_plural, text) for text in entry.msgstr_plural.values()),
        ]
        if target and source
    ]
    wrong = [pair for pair in pairs if sorted(PLACEHOLDER.findall(pair[0])) != sorted(PLACEHOLDER.findall(pair[1]))]
    assert wrong == []


@pytest.mark.parametrize("name", FIELDS)
def test_hyperparameters_speak_russian(name: str) -> None:
    with translation.override("ru"):
        assert re.search("[а-я]", gettext(FIELDS[name].label) + gettext(FIELDS[name].help))


@pytest.mark.django_db
def test_the_page_speaks_the_language_of_the_browser(client: Client) -> None:
    assert "Нарисуйте" in client.get("/", headers={"accept-language": "ru"}).content.decode()
    assert "Draw a Russian letter" in client.get("/", headers={"accept-language": "de"}).content.decode()
