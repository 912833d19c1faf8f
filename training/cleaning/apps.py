"""The app of cleaning."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CleaningConfig(AppConfig):
    """Findings, decisions and new versions of data sets."""

    name = "training.cleaning"
    label = "cleaning"
    verbose_name = _("Label checks")

    def ready(self) -> None:
        """Let the pictures of a data set be filtered by what was found of them."""
        from training.cleaning.web import picture_filters  # models are not ready before this moment

        picture_filters.register()
