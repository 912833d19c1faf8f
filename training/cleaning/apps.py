"""The app of cleaning."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CleaningConfig(AppConfig):
    """Findings, decisions and new versions of data sets."""

    name = "training.cleaning"
    label = "cleaning"
    verbose_name = _("Cleaning")
