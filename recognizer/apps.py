"""The app that reads letters."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecognizerConfig(AppConfig):
    """Models and what reads a letter with them."""

    name = "recognizer"
    label = "recognizer"
    verbose_name = _("Letters")
