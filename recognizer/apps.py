"""The app that reads letters."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from recognizer import messages, sqlite_like
from recognizer.core.messages import translate_with


class RecognizerConfig(AppConfig):
    """Models and what reads a letter with them."""

    name = "recognizer"
    label = "recognizer"
    verbose_name = _("Letters")

    def ready(self) -> None:
        """Make searches on SQLite blind to case in every alphabet, and messages speak the language of the request."""
        sqlite_like.install()
        translate_with(messages.said)
