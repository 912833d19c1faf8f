"""`manage.py collect_messages`: `makemessages`, with the texts of the hyperparameters and of the API too.

`training.core` knows no Django, so its tables of hyperparameters and presets hold plain English strings that pages
translate when they show them, and so does the API's description. gettext's collector looks for calls: a passing file of
calls shows it those strings.
"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.commands import makemessages

from recognizer.web.api import api
from recognizer.web.api.reference.texts import collect
from training.core.hyperparameters import FIELDS, PRESET_LINES


class Command(makemessages.Command):
    """Collect the texts to translate into locale/ru."""

    help = "Collect the texts to translate into locale/ru/LC_MESSAGES/django.po (needs gettext)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Collect, without file names and line numbers, which would change with every commit."""
        passing = Path(settings.BASE_DIR, "interface_texts.py")
        described = {text for field in FIELDS.values() for text in (field.label, field.help, field.group) if text}
        texts = sorted(described | {*PRESET_LINES.values(), *collect(api.get_openapi_schema())})
        passing.write_text("\n".join(f"# xgettext:no-python-format\n_({text!r})" for text in texts), encoding="utf-8")
        own = {"locale": ["ru"], "no_obsolete": True, "no_location": True, "ignore_patterns": [".venv", "var", "tests"]}
        try:
            super().handle(*args, **(options | own))
        finally:
            passing.unlink()
